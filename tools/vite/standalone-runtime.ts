// A Vite plugin that keeps ONNX Runtime in a file that imports nothing.
//
// Its threads load that file again, as workers of their own. Where it mentions `require`, which browsers do not have, the
// bundler lets it import a replacement from the file that first needed one: the page itself. Every thread would then run
// the page, and the first session would wait for its threads for ever.

import type { Plugin } from "vite";

export function standaloneRuntime(): Plugin {
  return {
    name: "pellucid-standalone-runtime",
    transform: {
      filter: { id: /onnxruntime-web\/dist\/ort\.[\w.]+\.mjs$/ },
      handler: (code) => ({ code: code.replaceAll(/(?<![\w.$])require(?=[<:.)])/g, "globalThis.require"), map: null }),
    },
  };
}
