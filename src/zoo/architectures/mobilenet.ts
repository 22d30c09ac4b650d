// MobileNet (Howard et al. 2017): depthwise and pointwise convolutions in turn, `alpha` times as wide.

import type { Architecture } from "../architecture.ts";
import { type Feature, Network } from "../network.ts";

/** Filters of the pointwise convolutions; a block that has twice as many as the one before halves the size. */
const FILTERS = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024];
const END = [
  [0, 1],
  [0, 1],
] as const;

function block(net: Network, input: Feature, number: number, filters: number, stride: 1 | 2): Feature {
  const unit = (x: Feature, name: string) => net.relu(net.norm(x, `${name}_bn`), 6, `${name}_relu`);
  const [dw, pw] = [`conv_dw_${number}`, `conv_pw_${number}`];
  const padded = stride === 1 ? input : net.pad(input, END, `conv_pad_${number}`);
  const x = unit(net.depthwise(padded, 3, { stride, padding: stride === 1 ? "same" : "valid", bias: false, name: dw }), dw);
  return unit(net.conv(x, filters, 1, { padding: "same", bias: false, name: pw }), pw);
}

/** Classes from a convolution over the mean feature maps. */
function top(net: Network, input: Feature, classes: number): Feature {
  const x = net.layer("Dropout", [net.globalPool(input, undefined, true)], {}, "dropout");
  const scores = net.conv(x, classes, 1, { padding: "same", name: "conv_preds" });
  return net.activation(net.layer("Reshape", [scores], { target_shape: [classes] }, "reshape_2"), "softmax", "predictions");
}

/** @param alpha how wide it is: 1, 0.75, 0.5 or 0.25 */
export function mobilenet(alpha: number): Architecture {
  return ({ includeTop, classes, size }) => {
    const net = new Network(size);
    let x = net.conv(net.input, Math.floor(32 * alpha), 3, { stride: 2, padding: "same", bias: false, name: "conv1" });
    x = net.relu(net.norm(x, "conv1_bn"), 6, "conv1_relu");
    FILTERS.forEach((filters, i) => {
      const halves = i > 0 && filters > (FILTERS[i - 1] as number);
      x = block(net, x, i + 1, Math.floor(filters * alpha), halves ? 2 : 1);
    });
    return net.finish(`mobilenet_${alpha.toFixed(2)}_${size[0] ?? 224}`, includeTop ? top(net, x, classes) : x);
  };
}
