// Deconvolutional networks: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014.

import { rectifierRules } from "./rectifiers.ts";

/** Rectifiers rectify the gradient instead of passing it where x > 0: dx = max(dy, 0). */
export const deconvnet = rectifierRules((_, r) => r.emit("Relu", [r.dy()]));
