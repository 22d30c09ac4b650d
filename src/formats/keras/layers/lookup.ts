// IntegerLookup: numbers of a vocabulary as their places in it.

import { encode, outputMode, whole } from "./categories.ts";
import type { Config } from "./config.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { weight, when } from "./weight-spec.ts";

/** Where in the vocabulary what begins. With the mask token in it, places are those that the mode `int` gives. */
interface Places {
  readonly mask: number | undefined;
  /** Places for numbers that are not in the vocabulary: how many, and the first. */
  readonly strangers: number;
  readonly firstStranger: number;
  readonly firstToken: number;
}

function placesOf(w: LayerWriter): Places {
  const number = (option: string) => (w.config.raw(option) === undefined ? undefined : w.config.number(option));
  const mask = number("mask_token") ?? number("mask_value");
  const strangers = w.config.int("num_oov_indices", 1);
  if (strangers < 0) w.fail("BAD_MODEL", `has "num_oov_indices" ${strangers}`);
  const firstStranger = mask !== undefined && outputMode(w.config, "int") === "int" ? 1 : 0;
  return { mask, strangers, firstStranger, firstToken: firstStranger + strangers };
}

const stranger = (config: Config) => config.number("oov_token", config.number("oov_value", -1));

/** The vocabulary of the options, and whether it begins with the mask and the strangers. */
function listedVocabulary(w: LayerWriter, { mask, strangers, firstStranger }: Places): { readonly listed: readonly number[]; readonly special: boolean } {
  const listed = w.config.numbers("vocabulary");
  const tokens = [...new Array<number | undefined>(firstStranger).fill(mask), ...new Array<number>(strangers).fill(stranger(w.config))];
  return { listed, special: tokens.every((token, i) => token === listed[i]) };
}

/** The tokens proper, as a tensor. A vocabulary that lies in a file of its own begins with the mask and the strangers. */
function tokens(w: LayerWriter, places: Places): string {
  const { firstToken } = places;
  if (isListed(w.config)) {
    const { listed, special } = listedVocabulary(w, places);
    const own = special ? listed.slice(firstToken) : listed;
    return own.length ? w.constant(own) : w.fail("BAD_MODEL", "has an empty vocabulary");
  }
  const stored = w.weight("vocabulary");
  if ((w.graphShape(stored)[0] as number) <= firstToken) w.fail("BAD_MODEL", "has an empty vocabulary");
  return firstToken === 0 ? stored : w.emit("Slice", [stored, w.ints([firstToken]), w.ints([2 ** 31 - 1]), w.ints([0])]);
}

/** Tokens at their places: the other way round. */
function inverted(w: LayerWriter, x: string, places: Places): string {
  const words = tokens(w, places);
  const last = (w.graphShape(words)[0] as number) - 1;
  const place = w.emit("Sub", [x, w.scalar(places.firstToken)]);
  const within = w.emit("Clip", [place, w.scalar(0), w.scalar(last)]);
  const found = w.emit("Gather", [words, w.emit("Cast", [within], { to: 7 })], { axis: 0 });
  const known = w.emit("Where", [w.emit("Equal", [within, place]), found, w.scalar(stranger(w.config))]);
  return places.mask === undefined ? known : w.emit("Where", [w.emit("Equal", [x, w.scalar(0)]), w.scalar(places.mask), known]);
}

/** Places of numbers; −1 for what has none. */
function lookedUp(w: LayerWriter, x: string, words: string, places: Places): string {
  const same = w.emit("Cast", [w.emit("Equal", [w.emit("Unsqueeze", [x, w.ints([-1])]), words])], { to: 1 });
  const place = w.emit("Cast", [w.emit("ArgMax", [same], { axis: -1, keepdims: 0 })], { to: 1 });
  const isKnown = w.emit("Greater", [w.emit("ReduceMax", [same, w.ints([-1])], { keepdims: 0 }), w.scalar(0)]);
  const found = w.emit("Where", [isKnown, w.emit("Add", [place, w.scalar(places.firstToken)]), strangerPlace(w, x, places)]);
  if (places.mask === undefined) return found;
  return w.emit("Where", [w.emit("Equal", [x, w.scalar(places.mask)]), w.scalar(outputMode(w.config, "int") === "int" ? 0 : -1), found]);
}

/** Several places for strangers are given out by the remainder. Where there is none, Keras stops with an error. */
function strangerPlace(w: LayerWriter, x: string, { strangers, firstStranger }: Places): string {
  if (strangers === 0) return w.scalar(-1);
  if (strangers === 1) return w.scalar(firstStranger);
  if (w.config.text("oov_method", "floormod") !== "floormod") w.fail("UNSUPPORTED_LAYER", "hashes what is not in its vocabulary", "Use oov_method='floormod'.");
  const rest = w.emit("Mod", [w.emit("Cast", [x], { to: 7 }), w.state.graph.scalar(strangers, "int64")]);
  return w.emit("Add", [w.emit("Cast", [rest], { to: 1 }), w.scalar(firstStranger)]);
}

/** What each place counts in the mode `tf_idf`. */
function documentWeights(w: LayerWriter, depth: number, places: Places): string {
  if (!isListed(w.config)) return w.weight("idf_weights");
  const listed = w.config.numbers("idf_weights");
  // Places before the tokens that have no weight of their own count as the mean; those behind, nothing.
  const mean = listed.reduce((sum, x) => sum + x, 0) / listed.length;
  const front = new Array<number>(listedVocabulary(w, places).special ? 0 : places.firstToken).fill(mean);
  const behind = depth - front.length - listed.length;
  return behind < 0
    ? w.fail("BAD_MODEL", `has ${listed.length} "idf_weights" for ${depth} places`)
    : w.constant([...front, ...listed, ...new Array<number>(behind).fill(0)]);
}

const isListed = (config: Config) => config.raw("vocabulary") !== undefined;

export const IntegerLookup: LayerDef = {
  kind: "IntegerLookup",
  note: "No hashing of what is not in the vocabulary.",
  weights: (config) => [
    ...when(
      !isListed(config),
      weight("vocabulary", () => undefined, { trainable: false, asset: "vocabulary.txt" }),
    ),
    ...when(
      !isListed(config) && outputMode(config, "int") === "tf_idf",
      weight("idf_weights", () => undefined, { trainable: false, key: "idf_weights" }),
    ),
  ],
  emit: (w) => {
    const places = placesOf(w);
    const x = whole(w, w.own(w.input));
    if (w.config.flag("invert", false)) return w.fromOwn(inverted(w, x, places));
    const words = tokens(w, places);
    const size = places.firstToken + (w.graphShape(words)[0] as number);
    const depth = w.config.flag("pad_to_max_tokens", false) ? w.config.int("max_tokens", size) : size;
    const mode = outputMode(w.config, "int");
    const counted = encode(w, lookedUp(w, x, words, places), mode === "tf_idf" ? "count" : mode, depth);
    if (mode !== "tf_idf") return counted;
    return w.fromOwn(w.emit("Mul", [w.own(counted), documentWeights(w, depth, places)]));
  },
};
