// A model as its user holds it: a graph at any input shape, its layers by name, how pictures become inputs, class names.

import { fail } from "./errors.ts";
import type { BuiltModel, Layer, LoadedModel, ModelInput } from "./formats/loaded-model.ts";
import { addressPattern, isPattern, nearest } from "./glob.ts";
import type { Dim, Graph } from "./graph/types.ts";
import type { Preprocessing } from "./image/preprocess.ts";
import { type Concrete, concretize } from "./ops/infer.ts";
import { padChannels } from "./ops/pad-channels.ts";
import { winograd } from "./ops/winograd.ts";
import type { Device } from "./platform/types.ts";
import { createSession, type Feeds, type RunOptions } from "./runtime/session.ts";
import { type Lease, SessionCache } from "./runtime/session-cache.ts";
import { formatShape, type Tensor } from "./tensor/tensor.ts";

export interface ModelOptions {
  /** How pictures become inputs; `undefined` where neither the model nor the user says so. */
  preprocessing?: Preprocessing;
  /** Class names in the order of the model's outputs. */
  labels?: readonly string[];
  /** WordNet's ids of the classes, where these are ImageNet's: `n02504458`. */
  synsets?: readonly string[];
  /** Where it runs. Default: `cpu`. */
  device?: Device;
  /** Threads within an operator. */
  threads?: number;
  /** Height and width of pictures, for models that leave them open. */
  size?: readonly [number, number];
}

/** What graphs are rewritten for, by device: kernels that are slow or wrong with some nodes. */
const adapting: Partial<Record<Device, (graph: Graph) => Graph>> = { cpu: winograd, webgpu: padChannels };

/** A layer with its output's shape in the model's own layout; the batch is `null`. */
export interface LayerInfo extends Layer {
  readonly shape: readonly Dim[];
}

/** The model built at one set of input shapes, with every tensor's shape known. */
export interface ModelAt extends Concrete {
  readonly layers: readonly Layer[];
}

export class Model {
  readonly loaded: LoadedModel;
  readonly device: Device;
  readonly labels: readonly string[] | undefined;
  readonly synsets: readonly string[] | undefined;
  readonly preprocessing: Preprocessing | undefined;
  /** Height and width of pictures that the user asked for. */
  readonly size: readonly [number, number] | undefined;
  readonly #threads: number | undefined;
  readonly #sessions = new SessionCache();
  readonly #built = new Map<string, ModelAt>();

  constructor(loaded: LoadedModel, options: ModelOptions = {}) {
    this.loaded = loaded;
    this.device = options.device ?? "cpu";
    this.labels = options.labels ?? loaded.labels;
    this.synsets = options.synsets;
    this.preprocessing = options.preprocessing;
    this.#threads = options.threads;
    this.size = options.size;
  }

  /** The input that takes pictures: the first of rank 4, else the first. */
  get input(): ModelInput {
    return this.loaded.inputs.find((input) => input.layout) ?? (this.loaded.inputs[0] as ModelInput);
  }

  /** Height and width that pictures are brought to. @throws {SHAPE_MISMATCH} if they are open */
  get pictureSize(): readonly [number, number] {
    const shape = this.inputShape(this.input);
    return this.input.layout === "NHWC" ? [shape[1] as number, shape[2] as number] : [shape[2] as number, shape[3] as number];
  }

  /** All layers in the order in which the model computes them. Sizes that depend on an open picture size are `null`. */
  get layers(): readonly LayerInfo[] {
    const [one, other] = (this.#isOpen ? [224, 256] : [undefined, undefined]).map((size) => this.#atAnySize(size)) as [ModelAt, ModelAt];
    const shapeOf = (at: ModelAt, layer: Layer) => ownShape(layer, at.infos.get(layer.output)?.shape ?? []);
    return one.layers.map((layer) => {
      const others = shapeOf(other, layer);
      return { ...layer, shape: shapeOf(one, layer).map((d, i) => (d === others[i] ? d : null)) };
    });
  }

  /**
   * The layer of this name. The name of a module or block that holds layers stands for its last one (`layer4` of a
   * ResNet for `layer4.1.relu_1`); the name of a graph tensor works too.
   *
   * @throws {UNKNOWN_LAYER} with the nearest names @throws {BAD_ARGUMENT} if it is no string
   */
  layer(name: string): Layer {
    if (typeof name !== "string") fail("BAD_ARGUMENT", "No layer was named.", { hint: "Give a layer's name as a string, see model.layers." });
    const { layers, infos } = this.#atAnySize();
    const found =
      layers.find((layer) => layer.name === name) ??
      layers.findLast((layer) => layer.output === name) ??
      layers.findLast((layer) => layer.name.startsWith(`${name}.`) || layer.name.startsWith(`${name}/`));
    if (found) return found;
    const info = infos.get(name);
    if (info && info.shape.length > 0) {
      return { name, kind: "tensor", output: name, inputs: [], parameters: 0, channelAxis: info.shape.length > 2 ? 1 : info.shape.length - 1 };
    }
    const names = layers.map((layer) => layer.name);
    return fail("UNKNOWN_LAYER", `The model has no layer "${name}".`, {
      hint: `Nearest: ${nearest(name, names).join(", ")}.`,
      details: { layer: name, layers: names },
    });
  }

  /**
   * Layers by address: a name, a glob (`block1_*`), a regular expression, or several of these. In the model's order,
   * each once.
   *
   * @throws {UNKNOWN_LAYER} for an address that fits no layer
   */
  find(addresses: string | RegExp | readonly (string | RegExp)[]): Layer[] {
    const { layers } = this.#atAnySize();
    const wanted = Array.isArray(addresses) ? (addresses as readonly (string | RegExp)[]) : [addresses as string | RegExp];
    const found = new Map<string, Layer>();
    for (const address of wanted) {
      if (typeof address === "string" && (!isPattern(address) || layers.some((layer) => layer.name === address))) {
        const layer = this.layer(address);
        found.set(layer.name, layer);
        continue;
      }
      const pattern = addressPattern(address);
      const matches = layers.filter((layer) => pattern.test(layer.name));
      if (matches.length === 0) {
        const names = layers.map((layer) => layer.name);
        fail("UNKNOWN_LAYER", `No layer fits "${String(address)}".`, {
          hint: `Layers: ${names.slice(0, 12).join(", ")}${names.length > 12 ? " …" : ""}.`,
          details: { address: String(address) },
        });
      }
      for (const layer of matches) found.set(layer.name, layer);
    }
    const order = new Map(layers.map((layer, i) => [layer.name, i]));
    return [...found.values()].sort((a, b) => (order.get(a.name) ?? 1e9) - (order.get(b.name) ?? 1e9));
  }

  /**
   * The concrete shape of an input, own layout: open sizes are filled in.
   *
   * @param size height and width instead of the model's own
   * @throws {SHAPE_MISMATCH} if a size is open and was not given
   */
  inputShape(input: ModelInput, batch = 1, size = this.size): number[] {
    const spatial = input.layout === "NHWC" ? [1, 2] : input.layout === "NCHW" ? [2, 3] : [];
    return input.shape.map((d, i) => {
      if (i === 0) return batch;
      const asked = spatial.includes(i) ? size?.[spatial.indexOf(i)] : undefined;
      if (asked !== undefined) return asked;
      if (typeof d === "number") return d;
      return fail("SHAPE_MISMATCH", `The model leaves the size of its input "${input.name}" open: ${formatShape(input.shape)}.`, {
        hint: "Say which height and width to use (size: [224, 224]; --input-size 224).",
        details: { input: input.name, shape: input.shape },
      });
    });
  }

  /** The model at a batch size, and for `until` (a layer's name) at a picture size: graph, layers, shapes. */
  at(options: { batch?: number; size?: readonly [number, number]; until?: string } = {}): ModelAt {
    const shapes = Object.fromEntries(this.loaded.inputs.map((input) => [input.name, this.inputShape(input, options.batch, options.size)]));
    return this.atShapes(shapes, options.until);
  }

  /** The model at these input shapes. */
  atShapes(shapes: Readonly<Record<string, readonly number[]>>, until?: string): ModelAt {
    const key = JSON.stringify([shapes, until]);
    const known = this.#built.get(key);
    if (known) return known;
    const built: BuiltModel = this.loaded.build(shapes, until);
    const at = { ...concretize(built.graph, shapes), layers: built.layers };
    if (this.#built.size >= 8) this.#built.delete(this.#built.keys().next().value as string);
    this.#built.set(key, at);
    return at;
  }

  /** Whether the picture's size was left open, by the model and by the user. */
  get #isOpen(): boolean {
    return this.input.layout !== undefined && this.size === undefined && this.input.shape.slice(1).some((d) => typeof d !== "number");
  }

  /** The model at its own size, or at any where that is open: names and kinds of its layers do not depend on it. */
  #atAnySize(any = 224): ModelAt {
    return this.at(this.#isOpen ? { size: [any, any] } : {});
  }

  /** A session that is kept for the next call with this key; it is not freed before it is given back. */
  session(key: string, graph: () => Concrete["graph"]): Promise<Lease> {
    const { device } = this;
    const adapt = adapting[device] ?? ((made) => made);
    return this.#sessions.lease(key, async () => createSession(adapt(graph()), { device, threads: this.#threads }));
  }

  /** Runs a graph once, in the session that is kept under this key. */
  async run(key: string, graph: () => Concrete["graph"], feeds: Feeds, options: RunOptions = {}): Promise<Record<string, Tensor>> {
    const { session, release } = await this.session(key, graph);
    try {
      return await session.run(feeds, options);
    } finally {
      await release();
    }
  }

  /** Frees all sessions. */
  dispose(): Promise<void> {
    this.#built.clear();
    return this.#sessions.clear();
  }
}

/** A graph tensor's shape in the model's own layout, the batch left open. */
function ownShape(layer: Layer, shape: readonly number[]): readonly Dim[] {
  const own = layer.ownOrder ? layer.ownOrder.map((axis) => shape[axis] as number) : shape;
  return own.map((d, i) => (i === 0 ? null : d));
}
