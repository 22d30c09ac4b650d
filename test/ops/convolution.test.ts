import { testFamily } from "./family.ts";
import { normal } from "./inputs.ts";

testFamily(
  "convolution",
  {
    Conv: [
      { name: "padded, with a bias", attrs: { pads: [1, 1, 1, 1] }, inputs: [normal([2, 3, 5, 6]), normal([4, 3, 3, 3]), normal([4])], linear: [0, 1, 2] },
    ],
    ConvTranspose: [{ name: "at stride 2", attrs: { strides: [2, 2] }, inputs: [normal([1, 3, 4, 5]), normal([3, 2, 3, 3]), normal([2])], linear: [0, 1, 2] }],
  },
  { float32: ["Conv", "ConvTranspose"] },
);
