// Pellucid: see what a convolutional network has learned.

export { type Gradient, type GradientOptions, gradient } from "./autodiff/gradient.ts";
export { checkAborted, type ErrorCode, type ErrorContext, fail, isPellucidError, PellucidError } from "./errors.ts";
export type { Layer, Layout, ModelInput } from "./formats/loaded-model.ts";
export { decodeImage } from "./image/decode.ts";
export { type Color, createImage, type Image, paste } from "./image/image.ts";
export {
  fitImage,
  imageToTensor,
  type PictureInput,
  type Preprocessing,
  type PresetName,
  presets,
  type Scaling,
  scalingOf,
  tensorToImage,
} from "./image/preprocess.ts";
export { type MapResize, mapResizes, type ResizeFilter, resizeFilters, resizeImage, resizeMap } from "./image/resize.ts";
export { type ResizePolicy, type Window, windowOf } from "./image/window.ts";
export { parseLabels } from "./labels.ts";
export { type Activation, type ActivationsOptions, activations } from "./methods/activations.ts";
export type { GradientNorm } from "./methods/ascent-graph.ts";
export type { FilterOptions } from "./methods/ascent-plan.ts";
export { type Explanation, type ExplanationOptions, explanations } from "./methods/explanations.ts";
export { type ExportOptions, exportMethod } from "./methods/export-method.ts";
export { type ModelFeed, toOwnLayout } from "./methods/feeds.ts";
export { type FilterStep, filterSteps } from "./methods/filter-steps.ts";
export { type FilterPattern, type FiltersOptions, filters } from "./methods/filters.ts";
export { type GradCamOptions, gradCam, type Heatmap } from "./methods/grad-cam.ts";
export type { CamRule } from "./methods/grad-cam-graph.ts";
export { type ModelGradientOptions, modelGradient } from "./methods/model-gradient.ts";
export { type Prediction, type PredictOptions, predict } from "./methods/predict.ts";
export { type Picture, pictureInput, prepareImage } from "./methods/prepare-image.ts";
export { classIndex, type ScoreKind, type Target } from "./methods/target.ts";
export { type LayerInfo, Model, type ModelAt, type ModelOptions } from "./model.ts";
export { type OpenOptions, openModel } from "./open-model.ts";
export { type Device, devices, type ModelInputSource } from "./platform/types.ts";
export { type ChannelOptions, type ChannelScaling, drawChannel } from "./render/channel.ts";
export { type ChannelGridOptions, channelGrid } from "./render/channel-grid.ts";
export { type ColormapName, colorize, colormap, colormapNames } from "./render/colormap.ts";
export { type Contrast, type DeprocessOptions, deprocess } from "./render/deprocess.ts";
export { encodeJpeg, encodePng } from "./render/encode.ts";
export { filterGrid, type GridOptions, grid } from "./render/grid.ts";
export { type Blend, drawHeatmap, type HeatmapScale, type NormalizedHeatmap, normalizeHeatmap, type OverlayOptions, overlay } from "./render/heatmap.ts";
export { byteSize, type DataOf, type DType } from "./tensor/dtype.ts";
export { readNpy, writeNpy } from "./tensor/npy.ts";
export { float32, formatShape, fromNumbers, int64, itemAt, reshape, stack, type Tensor, tensor, toFloat32, toNumbers, transpose } from "./tensor/tensor.ts";
export { type ImageNetClass, imagenetClasses } from "./zoo/imagenet.ts";
export { findModel as findZooModel, zooModels } from "./zoo/models.ts";
export { type PulledFile, type PullOptions, pull, pulledFile, type VariantOptions } from "./zoo/pull.ts";
export type { WeightsFile, ZooModel } from "./zoo/zoo-model.ts";
