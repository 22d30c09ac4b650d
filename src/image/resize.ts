// Pictures brought to another size.

/**
 * How pixels are resampled, always with pixel centres at half (`align_corners=False`).
 *
 * - `bilinear`: 2×2 pixels, as tf.image.resize, PyTorch's interpolate and OpenCV's INTER_LINEAR.
 * - `antialias`: bilinear whose support grows as the picture shrinks, as Pillow's BILINEAR and torchvision.
 * - `bicubic`: Pillow's BICUBIC, with antialiasing.
 * - `nearest`: as Pillow's NEAREST, the default of Keras's load_img.
 */
export type ResizeFilter = "bilinear" | "antialias" | "bicubic" | "nearest";
