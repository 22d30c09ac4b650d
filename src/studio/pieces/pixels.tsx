// A picture on a canvas, pixel for pixel: sharp at any zoom.

import type { Image } from "pellucid";
import { useEffect, useRef } from "react";

interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray;
}

interface Props extends Omit<React.CanvasHTMLAttributes<HTMLCanvasElement>, "width" | "height"> {
  readonly image: Image | Rgba;
  /** What a screen reader says; left out for pictures that only repeat their surroundings. */
  readonly label?: string;
  /** Whether it is scaled smoothly instead of sharply. */
  readonly smooth?: boolean;
}

export function Pixels({ image, label, smooth = false, className = "", ...rest }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const pixels = new Uint8ClampedArray("pixels" in image ? image.pixels : withAlpha(image.data));
    canvas.current?.getContext("2d")?.putImageData(new ImageData(pixels, image.width, image.height), 0, 0);
  }, [image]);
  const named = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  return <canvas ref={canvas} width={image.width} height={image.height} className={`${smooth ? "smooth" : "pixels"} ${className}`} {...named} {...rest} />;
}

function withAlpha(rgb: Uint8Array): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    rgba[to] = rgb[from] as number;
    rgba[to + 1] = rgb[from + 1] as number;
    rgba[to + 2] = rgb[from + 2] as number;
  }
  return rgba;
}
