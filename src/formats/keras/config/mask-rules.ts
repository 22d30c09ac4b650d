// How masks work, where versions of Keras differ: which steps count, and what the others show.

/** What a version of Keras does with masks. */
export interface MaskRules {
  /**
   * Keras 3: merged steps count if they count in any input, and what does not count is left out of products and extremes;
   * attention takes its inputs' masks away. Before, merged steps had to count in all inputs that have a mask.
   */
  readonly keras3: boolean;
  /** Until a step counts, a recurrent layer shows the state that it was given (Keras before 2.3), not zeros. */
  readonly showsGivenState: boolean;
  /** Both directions of a Bidirectional show zeros where nothing counts, not the last output. */
  readonly zerosBothWays: boolean;
  /** The Softmax layer hears of masks (TensorFlow 2.4 on). */
  readonly softmax: boolean;
  /** MultiHeadAttention hears of its inputs' masks (TensorFlow 2.10 on). */
  readonly heads: boolean;
}

export const keras3Masks: MaskRules = { keras3: true, showsGivenState: false, zerosBothWays: true, softmax: true, heads: true };

/** @param version `keras_version`; without it, the last of its generation is meant */
export function maskRules(major: 1 | 2 | 3, version: string | undefined): MaskRules {
  if (major === 3) return keras3Masks;
  const minor = /^2\.\d/.test(version ?? "") ? Number((version as string).split(".")[1]) : major === 1 ? 0 : Number.POSITIVE_INFINITY;
  // "2.2.4-tf" is TensorFlow 1.13 to 2.1; Keras for several backends ended with 2.3.
  const tensorflow = minor > 3 || (minor > 1 && version?.includes("-tf") === true);
  return {
    keras3: false,
    showsGivenState: !tensorflow && minor < 3,
    zerosBothWays: tensorflow,
    softmax: tensorflow && minor > 3,
    heads: minor > 9,
  };
}
