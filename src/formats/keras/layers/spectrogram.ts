// Layers that turn sound into pictures: spectra of one short piece after the other, by convolution with cosines and sines.

import type { Config } from "./config.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { melWeights } from "./mel-scale.ts";
import { weight, when } from "./weight-spec.ts";
import { padsFor } from "./windows.ts";

/** What Keras takes for nothing, before it draws a root or a logarithm. */
const EPSILON = 1e-7;

/** Longer pieces, and kernels with more numbers, than any spectrum of sound is made of. */
const LONGEST = 2 ** 16;
const MOST_NUMBERS = 2 ** 27;

/** A whole number from 1 up to `most`. */
function count(w: LayerWriter, option: string, fallback: number, most = LONGEST): number {
  const value = w.config.int(option, fallback);
  return value >= 1 && value <= most ? value : w.fail("BAD_MODEL", `has "${option}" ${value}; it must be from 1 to ${most}`);
}

const frameLength = (config: Config) => config.int("frame_length", 256);

/** Keras's smallest power of two that holds a frame. */
const binsOf = (config: Config) => Math.floor(config.int("fft_length", 2 ** Math.ceil(Math.log2(frameLength(config)))) / 2) + 1;

/** The window, the scale and the transform are in the kernels, which may be trained. Every channel is a sound of its own. */
const STFTSpectrogram: LayerDef = {
  kind: "STFTSpectrogram",
  weights: (config) => {
    const mode = config.text("mode", "log");
    const kernel = (name: string) => weight(name, () => [frameLength(config), 1, binsOf(config)]);
    return [...when(mode !== "imag", kernel("real_kernel")), ...when(mode !== "real", kernel("imag_kernel"))];
  },
  emit: (w) => {
    const x = w.spatialInput(1);
    const [, channels, time] = w.graphShape(x) as [number, number, number];
    const sounds = channels === 1 ? x : w.emit("Reshape", [x, w.ints([-1, 1, time])]);
    const spectra = spectrumBy(w, sounds);
    const [, bins, frames] = w.graphShape(spectra) as [number, number, number];
    if (!w.config.flag("expand_dims", false)) {
      return w.fromChannelsAtOne(channels === 1 ? spectra : w.emit("Reshape", [spectra, w.ints([-1, channels * bins, frames])]));
    }
    const pictures = w.emit("Reshape", [spectra, w.ints([-1, channels, bins, frames])]);
    return w.fromChannelsAtOne(w.transpose(pictures, [0, 1, 3, 2]));
  },
};

/** `[sounds, 1, time]` → `[sounds, bins, frames]`, as the mode wants it. @throws {UNSUPPORTED_LAYER} for modes that are none of Keras's */
function spectrumBy(w: LayerWriter, sounds: string): string {
  const mode = w.config.text("mode", "log");
  const [frame, strides] = [frameLength(w.config), [count(w, "frame_step", Math.floor(frameLength(w.config) / 2))]];
  const pads = padsFor(w, sounds, [frame], strides, [1]);
  const part = (name: string) => w.emit("Conv", [sounds, w.transpose(w.weight(name), [2, 1, 0])], { strides, pads });
  switch (mode) {
    case "real":
    case "imag":
      return part(`${mode}_kernel`);
    case "angle":
      return angle(w, part("imag_kernel"), part("real_kernel"));
    case "stft":
      return w.emit("Concat", [part("real_kernel"), part("imag_kernel")], { axis: 1 });
    case "psd":
      return oneSided(w, power(w, part("real_kernel"), part("imag_kernel")));
    case "magnitude":
    case "log": {
      const size = w.emit("Sqrt", [w.emit("Max", [power(w, part("real_kernel"), part("imag_kernel")), w.scalar(EPSILON)])]);
      return mode === "log" ? w.emit("Log", [w.emit("Max", [size, w.scalar(EPSILON)])]) : size;
    }
    default:
      return w.fail("UNSUPPORTED_LAYER", `has the mode "${mode}", which is none of Keras's`);
  }
}

function power(w: LayerWriter, real: string, imaginary: string): string {
  return w.emit("Add", [w.emit("Mul", [real, real]), w.emit("Mul", [imaginary, imaginary])]);
}

/** Bins between the first and the last stand for their mirror images too. */
function oneSided(w: LayerWriter, x: string): string {
  const bins = w.graphShape(x)[1] as number;
  return w.emit("Mul", [
    x,
    w.constant(
      Array.from({ length: bins }, (_, i) => (i === 0 || i === bins - 1 ? 1 : 2)),
      [bins, 1],
    ),
  ]);
}

/** The angle of x + iy from −π to π, by the arc tangent of that quotient of the two which is at most 1. */
function angle(w: LayerWriter, y: string, x: string): string {
  const zero = w.scalar(0);
  const steep = w.emit("Greater", [w.emit("Abs", [y]), w.emit("Abs", [x])]);
  const below = w.emit("Where", [w.emit("Equal", [x, zero]), w.scalar(1), x]);
  const arc = w.emit("Atan", [w.emit("Div", [w.emit("Where", [steep, x, y]), w.emit("Where", [steep, y, below])])]);
  const turn = (size: number) => w.emit("Where", [w.emit("Less", [y, zero]), w.scalar(-size), w.scalar(size)]);
  const flat = w.emit("Add", [arc, w.emit("Where", [w.emit("Less", [x, zero]), turn(Math.PI), zero])]);
  return w.emit("Where", [steep, w.emit("Sub", [turn(Math.PI / 2), arc]), flat]);
}

/** `[batch, …, time]` → `[batch, …, mel bins, frames]`: powers of the spectrum in bands as wide as the ear's, by default in decibels. */
const MelSpectrogram: LayerDef = {
  kind: "MelSpectrogram",
  emit: (w) => {
    const shape = w.shape(w.input);
    if (shape.length < 2) w.fail("BAD_MODEL", "takes sounds, but its input has one axis");
    const bands = toBands(w, framesSpectrum(w, w.emit("Reshape", [w.own(w.input), w.ints([-1, 1, shape.at(-1) as number])])));
    const scaled = w.config.flag("power_to_db", true) ? decibels(w, bands) : bands;
    return w.fromOwn(shape.length === 2 ? scaled : w.emit("Reshape", [scaled, w.ints([-1, ...shape.slice(1, -1), ...w.graphShape(scaled).slice(1)])]));
  },
};

/** `[sounds, 1, time]` → the power of every bin of every frame. Frames have their middle on the sound, which goes on mirrored. */
function framesSpectrum(w: LayerWriter, sounds: string): string {
  const fft = count(w, "fft_length", 2048);
  // Without a window Keras takes as many samples as the transform, whatever the length of the pieces.
  const length = w.config.raw("window") === undefined ? fft : count(w, "sequence_length", fft, fft);
  const stride = count(w, "sequence_stride", 512);
  const time = w.graphShape(sounds)[2] as number;
  const half = Math.floor(fft / 2);
  const frames = 1 + Math.floor((time + 2 * half - fft) / stride);
  if (half >= time || frames < 1) w.fail("BAD_MODEL", `makes spectra of ${fft} samples of a sound of ${time}`);
  const mirrored = w.emit("Pad", [sounds, w.ints([0, 0, half, 0, 0, half])], { mode: "reflect" });
  const start = Math.floor((fft - length) / 2);
  const heard = w.emit("Slice", [mirrored, w.ints([start]), w.ints([start + (frames - 1) * stride + length]), w.ints([2])]);
  const waves = w.emit("Conv", [heard, waveKernels(w, fft, length)], { strides: [stride] });
  const parts = w.emit("Reshape", [waves, w.ints([-1, 2, Math.floor(fft / 2) + 1, frames])]);
  return w.emit("ReduceSum", [w.emit("Mul", [parts, parts]), w.ints([1])], { keepdims: 0 });
}

/** Cosines and sines of every bin under the window: `[2 · bins, 1, length]`. Only the sizes of spectra are asked for, so phases do not matter. */
function waveKernels(w: LayerWriter, fft: number, length: number): string {
  const bins = Math.floor(fft / 2) + 1;
  if (2 * bins * length > MOST_NUMBERS) w.fail("UNSUPPORTED_LAYER", `makes spectra of ${length} samples in ${bins} bins, more than Pellucid does`);
  const { graph } = w.state;
  const places = (size: number, shape: readonly number[]) =>
    graph.constant(
      "int64",
      shape,
      Array.from({ length: size }, (_, i) => i),
    );
  // The table has one wave; every kernel goes through it at its own speed. So the numbers are exact and the graph small.
  const steps = w.emit("Mod", [w.emit("Mul", [places(bins, [bins, 1]), places(length, [1, length])]), graph.scalar(fft, "int64")]);
  const kernel = (wave: (angle: number) => number) =>
    w.emit("Gather", [w.constant(Array.from({ length: fft }, (_, i) => wave((2 * Math.PI * i) / fft))), steps], { axis: 0 });
  const both = w.emit("Concat", [kernel(Math.cos), kernel(Math.sin)], { axis: 0 });
  const window = windowOf(w, length);
  return w.emit("Unsqueeze", [window ? w.emit("Mul", [both, w.constant(window)]) : both, w.ints([1])]);
}

/** The window's values, of TensorFlow's formula for periodic windows; undefined for none. */
function windowOf(w: LayerWriter, length: number): number[] | undefined {
  const window = w.config.raw("window");
  if (window === undefined) return undefined;
  if (typeof window !== "string") {
    const values = w.config.numbers("window");
    return values.length === length ? values : w.fail("BAD_MODEL", `has a window of ${values.length} values for pieces of ${length}`);
  }
  if (window !== "hann" && window !== "hamming") return w.fail("UNSUPPORTED_LAYER", `has the window "${window}", which is none of Keras's`);
  const a = window === "hann" ? 0.5 : 0.54;
  const period = length - (length % 2);
  return Array.from({ length }, (_, i) => (length === 1 ? 1 : a - (1 - a) * Math.cos((2 * Math.PI * i) / period)));
}

/** Less than this is silence: the root of nothing has no gradient. */
const SILENCE = 1e-30;

/** `[sounds, bins, frames]` powers → `[sounds, mel bins, frames]`. */
function toBands(w: LayerWriter, powers: string): string {
  const exponent = w.config.number("mag_exp", 2);
  const sizes = exponent === 2 ? powers : w.emit("Pow", [w.emit("Max", [powers, w.scalar(SILENCE)]), w.scalar(exponent / 2)]);
  const bins = w.graphShape(powers)[1] as number;
  const rate = w.config.number("sampling_rate", 16000);
  const bands = count(w, "num_mel_bins", 128, Math.floor(MOST_NUMBERS / bins));
  const highest = w.config.number("max_freq", 0) || Math.trunc(rate / 2);
  const weights = melWeights({ bins, bands, rate, lowest: w.config.number("min_freq", 20), highest });
  return w.emit("MatMul", [w.constant(weights, [bands, bins]), sizes]);
}

/** 10 · log₁₀ against the reference, at most `top_db` below the loudest of the whole batch. */
function decibels(w: LayerWriter, x: string): string {
  const least = w.config.number("min_power", 1e-10);
  const reference = 10 * Math.log10(Math.max(Math.abs(w.config.number("ref_power", 1)), least));
  const log = w.emit("Mul", [w.emit("Log", [w.emit("Max", [x, w.scalar(least)])]), w.scalar(10 / Math.LN10)]);
  const relative = reference === 0 ? log : w.emit("Sub", [log, w.scalar(reference)]);
  const loudest = w.emit("ReduceMax", [relative, w.ints([0, 1, 2])], { keepdims: 1 });
  return w.emit("Max", [relative, w.emit("Sub", [loudest, w.scalar(w.config.number("top_db", 80))])]);
}

export const spectrogramLayers: readonly LayerDef[] = [STFTSpectrogram, MelSpectrogram];
