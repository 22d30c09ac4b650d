// Short constructors for attributes, and the schema an operator declares so that its rules read them typed.

import { fail } from "../errors.ts";
import { type Attribute, type Node, nameNode, type Weight } from "./types.ts";

/** The kind of an attribute and its default; `undefined` means that the operator decides. */
export interface AttrSpec<T> {
  readonly kind: Attribute["kind"];
  readonly fallback: T;
}

export type AttrSpecs = Readonly<Record<string, AttrSpec<unknown>>>;

/** Typed attribute values of a schema. */
export type AttrsOf<S extends AttrSpecs> = { readonly [K in keyof S]: S[K] extends AttrSpec<infer T> ? T : never };

export function int(): AttrSpec<number | undefined>;
export function int(fallback: number): AttrSpec<number>;
export function int(fallback?: number): AttrSpec<number | undefined> {
  return { kind: "int", fallback };
}

export function float(): AttrSpec<number | undefined>;
export function float(fallback: number): AttrSpec<number>;
export function float(fallback?: number): AttrSpec<number | undefined> {
  return { kind: "float", fallback };
}

export function string(fallback: string): AttrSpec<string> {
  return { kind: "string", fallback };
}

export function ints(): AttrSpec<readonly number[] | undefined>;
export function ints(fallback: readonly number[]): AttrSpec<readonly number[]>;
export function ints(fallback?: readonly number[]): AttrSpec<readonly number[] | undefined> {
  return { kind: "ints", fallback };
}

export function floats(): AttrSpec<readonly number[] | undefined>;
export function floats(fallback: readonly number[]): AttrSpec<readonly number[]>;
export function floats(fallback?: readonly number[]): AttrSpec<readonly number[] | undefined> {
  return { kind: "floats", fallback };
}

export function strings(): AttrSpec<readonly string[] | undefined> {
  return { kind: "strings", fallback: undefined };
}

export function tensorAttr(): AttrSpec<Weight | undefined> {
  return { kind: "tensor", fallback: undefined };
}

/** No attributes. */
export const none = {} as const satisfies AttrSpecs;

/** A node's attributes under a schema, defaults filled in. @throws {BAD_MODEL} for an attribute of the wrong kind. */
export function readAttrs<S extends AttrSpecs>(node: Node, specs: S): AttrsOf<S> {
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const attribute = node.attrs[name];
    if (attribute && attribute.kind !== spec.kind) {
      fail("BAD_MODEL", `Attribute "${name}" of ${nameNode(node)} is of kind ${attribute.kind}, but must be ${spec.kind}.`, {
        details: { node: node.name, attribute: name, kind: attribute.kind },
      });
    }
    values[name] = attribute ? attribute.value : spec.fallback;
  }
  return values as AttrsOf<S>;
}

/** Plain values as attributes of a schema's kinds; `undefined` values are left out. */
export function writeAttrs(specs: AttrSpecs, values: Readonly<Record<string, unknown>>): Record<string, Attribute> {
  const attrs: Record<string, Attribute> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const spec = specs[name];
    if (!spec) throw new Error(`Pellucid is broken: no attribute "${name}" in the operator's table`);
    attrs[name] = { kind: spec.kind, value } as Attribute;
  }
  return attrs;
}
