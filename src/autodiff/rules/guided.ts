// Guided backpropagation: Springenberg et al., "Striving for Simplicity: The All Convolutional Net", 2015.

import { rectifierRules, withGradient } from "./rectifiers.ts";

/** Through rectifiers only positive gradients flow, and only where the rectifier let x through: dx = max(dy, 0) where x > 0. */
export const guided = rectifierRules((standard, r) => withGradient(standard, r, r.emit("Relu", [r.dy()])));
