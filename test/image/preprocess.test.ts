import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Image } from "../../src/image/image.ts";
import { fitImage, imageToTensor, type Preprocessing, type PresetName, presets, scalingOf, tensorToImage } from "../../src/image/preprocess.ts";
import { cutWindow } from "../../src/image/window.ts";
import { float32, transpose } from "../../src/tensor/tensor.ts";
import { largestDifference, referenceFloats, referenceImage } from "../reference-files.ts";

const presetNames = Object.keys(presets) as PresetName[];

/** Random pictures of a few pixels. */
const images = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([width, height]) => fc.uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 }).map((data): Image => ({ width, height, data })));

/** A picture without its outermost pixels. */
function interior(image: Image): Image {
  return cutWindow(image, { x: 1, y: 1, width: image.width - 2, height: image.height - 2 });
}

describe("imageToTensor", () => {
  const corner = referenceImage("pictures/corner.npy");
  const size = [corner.height, corner.width] as const;

  it.each(["caffe", "tf", "torch"] as const)("%s is keras.applications' mode", (preset) => {
    const expected = referenceFloats(`pictures/corner-${preset}.npy`);
    const nhwc = imageToTensor(corner, { preprocessing: { preset }, layout: "NHWC", size, channels: 3 });
    expect(nhwc.shape).toEqual(expected.shape);
    expect(largestDifference(nhwc.data, expected.data)).toBeLessThan(2e-5);
    const nchw = imageToTensor(corner, { preprocessing: { preset }, layout: "NCHW", size, channels: 3 });
    expect(nchw).toEqual(transpose(nhwc, [0, 3, 1, 2]));
  });

  it("gives grey models Pillow's luma", () => {
    const grey = imageToTensor(corner, { preprocessing: { preset: "raw" }, layout: "NHWC", size, channels: 1 });
    expect(grey.shape).toEqual([1, ...size, 1]);
    expect(Array.from(grey.data)).toEqual(Array.from(referenceFloats("pictures/corner-grey.npy").data));
  });

  it("takes a mean and a scale of one's own", () => {
    const preprocessing: Preprocessing = { preset: "caffe", mean: [104, 117, 123], scale: 0.5, order: "RGB" };
    const pixel: Image = { width: 1, height: 1, data: Uint8Array.of(10, 20, 30) };
    const input = imageToTensor(pixel, { preprocessing, layout: "NCHW", size: [1, 1], channels: 3 });
    expect(Array.from(input.data)).toEqual([5 - 104, 10 - 117, 15 - 123]);
  });

  it("is undone by tensorToImage", () => {
    fc.assert(
      fc.property(images, fc.constantFrom(...presetNames), fc.constantFrom("NCHW" as const, "NHWC" as const), (image, preset, layout) => {
        const input = { preprocessing: { preset }, layout, size: [image.height, image.width] as const, channels: 3 as const };
        expect(tensorToImage(imageToTensor(image, input), input)).toEqual(image);
      }),
    );
  });
});

describe("tensorToImage", () => {
  it("shows a grey tensor as grey and cuts what is out of range", () => {
    const image = tensorToImage(float32([1, 1, 1, 3], [-0.2, 0.5, 7]), { preprocessing: { preset: "unit" }, layout: "NCHW" });
    expect([...image.data]).toEqual([0, 0, 0, 128, 128, 128, 255, 255, 255]);
  });

  it.each([[[2, 3, 4, 4]], [[1, 5, 4, 4]], [[3, 4, 4]]])("refuses the shape %j", (shape) => {
    const t = float32(shape, new Float32Array(shape.reduce((n, d) => n * d, 1)));
    expect(() => tensorToImage(t, { preprocessing: { preset: "raw" }, layout: "NCHW" })).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });
});

describe("scalingOf", () => {
  it("takes undefined values for not given", () => {
    expect(scalingOf({ preset: "torch", mean: undefined, order: undefined }, 3)).toEqual(presets.torch);
  });

  it.each([
    [{ preset: "torch" } as const, 1],
    [{ preset: "raw", mean: [1, 2] } as const, 3],
    [{ preset: "raw", std: [0] } as const, 3],
    [{ preset: "raw", scale: Number.NaN } as const, 3],
  ])("refuses %j for %i channel(s)", (preprocessing, channels) => {
    expect(() => scalingOf(preprocessing, channels)).toThrow(expect.objectContaining({ code: "BAD_ARGUMENT" }));
  });
});

describe("fitImage", () => {
  const scene = referenceImage("pictures/scene.npy");

  it.each([
    [16, 16],
    [10, 24],
    [24, 10],
  ])("crops to %i×%i as Pillow, and where Keras does", (height, width) => {
    const cropped = fitImage(scene, [height, width], { preset: "raw", resize: "crop" });
    expect(cropped).toEqual(referenceImage(`pictures/crop-${height}x${width}.npy`));
    // Keras's filter reaches over the edge of the crop: only its outermost pixels may differ.
    expect(interior(cropped)).toEqual(interior(referenceImage(`pictures/crop-keras-${height}x${width}.npy`)));
  });

  it("pads with black bars above and below a wide picture", () => {
    const white: Image = { width: 8, height: 4, data: new Uint8Array(96).fill(255) };
    const rows = fitImage(white, [8, 8], { preset: "raw", resize: "pad", filter: "nearest" });
    expect(Array.from({ length: 8 }, (_, y) => rows.data[y * 24])).toEqual([0, 0, 255, 255, 255, 255, 0, 0]);
  });
});
