// Places the boxes and their edges with ELK, in a worker of its own that is loaded when first needed.

import type { ELK, ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api.js";
import type { BoxGraph } from "./blocks.ts";

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Place>;
  readonly blocks: ReadonlyMap<string, Place>;
  /** SVG paths. */
  readonly edges: readonly string[];
}

export const BOX_WIDTH = 208;
const BOX_HEIGHT = 44;
/** Room for a block's name above its layers. */
const BLOCK_HEAD = 30;

const options = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.spacing.nodeNodeBetweenLayers": "16",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.spacing.nodeNode": "14",
  "elk.json.shapeCoords": "ROOT",
  "elk.json.edgeCoords": "ROOT",
  "elk.padding": "[top=8,left=12,bottom=8,right=12]",
};

let loading: Promise<ELK> | undefined;

/** Places for all boxes. Stopping rejects with the signal's reason. */
export async function layOut(graph: BoxGraph, signal?: AbortSignal): Promise<GraphLayout> {
  loading ??= loadElk().catch((error) => {
    loading = undefined;
    throw error;
  });
  const elk = await loading;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    // ELK listens to nothing while it works: stopping ends its worker, and the next layout loads another.
    const stop = () => {
      elk.terminateWorker();
      loading = undefined;
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
    elk
      .layout(toElk(graph))
      .then((root) => resolve(fromElk(root)), reject)
      .finally(() => signal?.removeEventListener("abort", stop));
  });
}

async function loadElk(): Promise<ELK> {
  const [module, { default: url }] = await Promise.all([import("elkjs/lib/elk-api.js"), import("elkjs/lib/elk-worker.min.js?url")]);
  // A CommonJS module: the bundler unwraps its exports, TypeScript does not.
  const Elk = module.default as unknown as typeof module.default.default;
  return new Elk({ workerFactory: () => new Worker(url) });
}

const boxId = (name: string) => `box:${name}`;
const blockId = (name: string) => `block:${name}`;

function toElk({ boxes, edges, blocks }: BoxGraph): ElkNode {
  const nodesIn = (block: string | undefined): ElkNode[] =>
    boxes.filter((box) => box.block === block).map(({ name }) => ({ id: boxId(name), width: BOX_WIDTH, height: BOX_HEIGHT }));
  const compounds = blocks.map((name) => ({
    id: blockId(name),
    children: nodesIn(name),
    layoutOptions: { "elk.padding": `[top=${BLOCK_HEAD},left=8,bottom=8,right=8]` },
  }));
  return {
    id: "root",
    layoutOptions: options,
    children: [...nodesIn(undefined), ...compounds],
    edges: edges.map(([from, to], i) => ({ id: `edge:${i}`, sources: [boxId(from)], targets: [boxId(to)] })),
  };
}

function fromElk(root: ElkNode): GraphLayout {
  const all = (root.children ?? []).flatMap((node) => [node, ...(node.children ?? [])]);
  const placed = (kind: string) =>
    new Map(
      all
        .filter(({ id }) => id.startsWith(kind))
        .map((node) => [node.id.slice(kind.length), { x: node.x ?? 0, y: node.y ?? 0, width: node.width ?? 0, height: node.height ?? 0 }]),
    );
  return {
    width: root.width ?? 0,
    height: root.height ?? 0,
    boxes: placed("box:"),
    blocks: placed("block:"),
    edges: (root.edges ?? []).flatMap(pathsOf),
  };
}

function pathsOf({ sections = [] }: ElkExtendedEdge): string[] {
  return sections.map(({ startPoint, bendPoints = [], endPoint }) => `M${[startPoint, ...bendPoints, endPoint].map(({ x, y }) => `${x} ${y}`).join("L")}`);
}
