// The picture, and heat over the part of it that the network saw.

import type { Image } from "pellucid";
import { Pixels } from "../pieces/pixels.tsx";
import { useStudio } from "../state/studio.ts";

interface Props {
  readonly heat: Image;
  /** The heat's opacity, 0..1. */
  readonly strength: number;
  readonly label?: string;
}

export function HeatLayers({ heat, strength, label }: Props) {
  const picture = useStudio((state) => state.picture);
  const window = useStudio((state) => state.answer?.window);
  if (!picture || !window) return undefined;
  const percent = (part: number, whole: number) => `${(100 * part) / whole}%`;
  const place = {
    left: percent(window.x, picture.width),
    top: percent(window.y, picture.height),
    width: percent(window.width, picture.width),
    height: percent(window.height, picture.height),
    opacity: strength,
  };
  return (
    <span className="heat-layers" style={{ aspectRatio: `${picture.width} / ${picture.height}` }}>
      <Pixels image={picture.image} smooth />
      <Pixels image={heat} smooth label={label} style={place} className="heat-over" />
    </span>
  );
}
