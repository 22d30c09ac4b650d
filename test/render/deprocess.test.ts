import { describe, expect, it } from "vitest";
import { deprocess } from "../../src/render/deprocess.ts";
import { float32, reshape, transpose } from "../../src/tensor/tensor.ts";
import { referenceFloats, referenceImage } from "../reference-files.ts";

const ascent = referenceFloats("render/ascent.npy");

describe("deprocess", () => {
  it.each(["strong", "soft"] as const)("%s is the chapter's deprocess_image", (contrast) => {
    const image = deprocess(ascent, { layout: "NHWC", contrast });
    expect(image).toEqual(referenceImage(`render/ascent-${contrast}.npy`));
  });

  it("gives the same picture for either layout, for batches of one, and for BGR reversed", () => {
    const image = deprocess(ascent, { layout: "NHWC" });
    const nchw = transpose(ascent, [2, 0, 1]);
    expect(deprocess(nchw, { layout: "NCHW" })).toEqual(image);
    expect(deprocess(reshape(nchw, [1, ...nchw.shape]), { layout: "NCHW" })).toEqual(image);
    const bgr = deprocess(nchw, { layout: "NCHW", order: "BGR" });
    expect([...bgr.data.subarray(0, 3)]).toEqual([...image.data.subarray(0, 3)].reverse());
  });

  it("cuts a border off after scaling", () => {
    const image = deprocess(ascent, { layout: "NHWC" });
    const cut = deprocess(ascent, { layout: "NHWC", border: 2 });
    expect([cut.width, cut.height]).toEqual([6, 4]);
    expect([...cut.data.subarray(0, 18)]).toEqual([...image.data.subarray((2 * 10 + 2) * 3, (2 * 10 + 8) * 3)]);
  });

  it("draws a constant as mid-grey, and one channel as grey", () => {
    expect([...deprocess(float32([1, 1, 2], [3, 3]), { layout: "NCHW" }).data]).toEqual([128, 128, 128, 128, 128, 128]);
    expect([...deprocess(float32([1, 1, 2], [0, 1]), { layout: "NCHW" }).data]).toEqual([64, 64, 64, 192, 192, 192]);
  });

  it("refuses what is no picture, and a border that leaves nothing", () => {
    expect(() => deprocess(float32([2, 2], [1, 2, 3, 4]), { layout: "NCHW" })).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    expect(() => deprocess(ascent, { layout: "NHWC", border: 4 })).toThrow(expect.objectContaining({ code: "BAD_ARGUMENT" }));
  });
});
