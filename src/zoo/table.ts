// The networks of keras.applications: official files and their hashes as Keras's own source names them.

import { convnextbase, convnextlarge, convnextsmall, convnexttiny, convnextxlarge } from "./architectures/convnext.ts";
import { densenet121, densenet169, densenet201 } from "./architectures/densenet.ts";
import {
  efficientnetb0,
  efficientnetb1,
  efficientnetb2,
  efficientnetb3,
  efficientnetb4,
  efficientnetb5,
  efficientnetb6,
  efficientnetb7,
} from "./architectures/efficientnet.ts";
import {
  efficientnetv2b0,
  efficientnetv2b1,
  efficientnetv2b2,
  efficientnetv2b3,
  efficientnetv2l,
  efficientnetv2m,
  efficientnetv2s,
} from "./architectures/efficientnet-v2.ts";
import { inceptionv3 } from "./architectures/inception.ts";
import { inceptionresnetv2 } from "./architectures/inception-resnet.ts";
import { mobilenet } from "./architectures/mobilenet.ts";
import { mobilenetv2 } from "./architectures/mobilenet-v2.ts";
import { mobilenetv3 } from "./architectures/mobilenet-v3.ts";
import { nasnetlarge, nasnetmobile } from "./architectures/nasnet.ts";
import { resnet50, resnet50v2, resnet101, resnet101v2, resnet152, resnet152v2 } from "./architectures/resnet.ts";
import { vgg16, vgg19 } from "./architectures/vgg.ts";
import { xception } from "./architectures/xception.ts";
import { known, type Place, type ZooModel } from "./zoo-model.ts";

const classic = (folder: string, preset: Place["preset"]): Place => ({
  folder,
  preset,
  fileNames: (stem) => [`${stem}_weights_tf_dim_ordering_tf_kernels.h5`, `${stem}_weights_tf_dim_ordering_tf_kernels_notop.h5`],
});
const newer = (folder: string): Place => ({ folder, preset: "raw", fileNames: (stem) => [`${stem}.h5`, `${stem}_notop.h5`] });
const resnet = classic("resnet", "caffe");
const resnetV2 = classic("resnet", "tf");
const densenet = classic("densenet", "torch");
const nasnet: Place = { folder: "nasnet", preset: "tf", fixedSize: true, fileNames: (stem) => [`${stem}.h5`, `${stem}-no-top.h5`] };
const efficientnet = newer("/keras-applications/");
const efficientnetV2 = newer("efficientnet_v2");
const convnext = newer("convnext");
const mobile: Place = { folder: "mobilenet", preset: "tf", fileNames: (stem) => [`${stem}.h5`, `${stem}_no_top.h5`] };
const mobileV2: Place = { ...mobile, folder: "mobilenet_v2" };
const mobileV3: Place = { folder: "mobilenet_v3", preset: "raw", fileNames: (stem) => [`${stem}_float.h5`, `${stem}_float_no_top_v2.h5`] };

/** Widths: how MobileNet's files spell them, and numbers of weights. */
const MOBILE_WIDTHS = [
  { alpha: 1, spelled: "1_0", parameters: [4_253_864, 3_228_864] },
  { alpha: 0.75, spelled: "7_5", parameters: [2_601_976, 1_832_976] },
  { alpha: 0.5, spelled: "5_0", parameters: [1_342_536, 829_536] },
  { alpha: 0.25, spelled: "2_5", parameters: [475_544, 218_544] },
] as const;

const MOBILE_V2_WIDTHS = [
  { alpha: 1.4, spelled: "1.4", parameters: [6_156_712, 4_363_712] },
  { alpha: 1.3, spelled: "1.3", parameters: [5_431_048, 3_766_048] },
  { alpha: 1, spelled: "1.0", parameters: [3_538_984, 2_257_984] },
  { alpha: 0.75, spelled: "0.75", parameters: [2_663_064, 1_382_064] },
  { alpha: 0.5, spelled: "0.5", parameters: [1_987_224, 706_224] },
  { alpha: 0.35, spelled: "0.35", parameters: [1_691_208, 410_208] },
] as const;

/** MobileNet of every width and size. Keras names no hashes for these. */
const mobilenets = MOBILE_WIDTHS.flatMap(({ alpha, spelled, parameters }) =>
  [224, 192, 160, 128].map((size) => {
    const name = `mobilenet-${alpha === 1 ? "1.0" : alpha}-${size}`;
    return known("MobileNet", mobile, { name, stem: `mobilenet_${spelled}_${size}_tf`, size, architecture: mobilenet(alpha), parameters });
  }),
);
const mobilenetsV2 = MOBILE_V2_WIDTHS.flatMap(({ alpha, spelled, parameters }) =>
  [224, 192, 160, 128, 96].map((size) => {
    const stem = `mobilenet_v2_weights_tf_dim_ordering_tf_kernels_${spelled}_${size}`;
    return known("MobileNetV2", mobileV2, { name: `mobilenetv2-${spelled}-${size}`, stem, size, architecture: mobilenetv2(alpha), parameters });
  }),
);

export const table: readonly ZooModel[] = [
  known("VGG16", classic("vgg16", "caffe"), {
    architecture: vgg16,
    hashes: ["64373286793e3c8b2b4e3219cbf3544b", "6d6bbae143d832006294945121d1f1fc"],
    parameters: [138_357_544, 14_714_688],
  }),
  known("VGG19", classic("vgg19", "caffe"), {
    architecture: vgg19,
    hashes: ["cbe5617147190e668d6c5d5026f83318", "253f8cb515780f3b799900260a226db6"],
    parameters: [143_667_240, 20_024_384],
  }),
  known("ResNet50", resnet, {
    architecture: resnet50,
    hashes: ["2cb95161c43110f7111970584f804107", "4d473c1dd8becc155b73f8504c6f6626"],
    parameters: [25_636_712, 23_587_712],
  }),
  known("ResNet101", resnet, {
    architecture: resnet101,
    hashes: ["f1aeb4b969a6efcfb50fad2f0c20cfc5", "88cf7a10940856eca736dc7b7e228a21"],
    parameters: [44_707_176, 42_658_176],
  }),
  known("ResNet152", resnet, {
    architecture: resnet152,
    hashes: ["100835be76be38e30d865e96f2aaae62", "ee4c566cf9a93f14d82f913c2dc6dd0c"],
    parameters: [60_419_944, 58_370_944],
  }),
  known("ResNet50V2", resnetV2, {
    architecture: resnet50v2,
    hashes: ["3ef43a0b657b3be2300d5770ece849e0", "fac2f116257151a9d068a22e544a4917"],
    parameters: [25_613_800, 23_564_800],
  }),
  known("ResNet101V2", resnetV2, {
    architecture: resnet101v2,
    hashes: ["6343647c601c52e1368623803854d971", "c0ed64b8031c3730f411d2eb4eea35b5"],
    parameters: [44_675_560, 42_626_560],
  }),
  known("ResNet152V2", resnetV2, {
    architecture: resnet152v2,
    hashes: ["a49b44d1979771252814e80f8ec446f9", "ed17cf2e0169df9d443503ef94b23b33"],
    parameters: [60_380_648, 58_331_648],
  }),
  known("InceptionV3", classic("inception_v3", "tf"), {
    stem: "inception_v3",
    size: 299,
    architecture: inceptionv3,
    hashes: ["9a0d58056eeedaa3f26cb7ebd46da564", "bcbd6486424b2319ff4ef7d526e38f63"],
    parameters: [23_851_784, 21_802_784],
  }),
  known("InceptionResNetV2", classic("inception_resnet_v2", "tf"), {
    stem: "inception_resnet_v2",
    size: 299,
    architecture: inceptionresnetv2,
    hashes: ["e693bd0210a403b3192acc6073ad2e96", "d19885ff4a710c122648d3b5c3b684e4"],
    parameters: [55_873_736, 54_336_736],
  }),
  known("Xception", classic("xception", "tf"), {
    size: 299,
    architecture: xception,
    hashes: ["0a58e3b7378bc2990ea3b43d5981f1f6", "b0042744bf5b25fce3cb969f33bebb97"],
    parameters: [22_910_480, 20_861_480],
  }),
  known("DenseNet121", densenet, {
    architecture: densenet121,
    hashes: ["9d60b8095a5708f2dcce2bca79d332c7", "30ee3e1110167f948a6b9946edeeb738"],
    parameters: [8_062_504, 7_037_504],
  }),
  known("DenseNet169", densenet, {
    architecture: densenet169,
    hashes: ["d699b8f76981ab1b30698df4c175e90b", "b8c4d4c20dd625c148057b9ff1c1176b"],
    parameters: [14_307_880, 12_642_880],
  }),
  known("DenseNet201", densenet, {
    architecture: densenet201,
    hashes: ["1ceb130c1ea1b78c3bf6114dbdfd8807", "c13680b51ded0fb44dff2d8f86ac8bb1"],
    parameters: [20_242_984, 18_321_984],
  }),
  known("NASNetMobile", nasnet, {
    stem: "NASNet-mobile",
    architecture: nasnetmobile,
    hashes: ["020fb642bf7360b370c678b08e0adf61", "1ed92395b5b598bdda52abe5c0dbfd63"],
    parameters: [5_326_716, 4_269_716],
  }),
  known("NASNetLarge", nasnet, {
    stem: "NASNet-large",
    size: 331,
    architecture: nasnetlarge,
    hashes: ["11577c9a518f0070763c2b964a382f17", "d81d89dc07e6e56530c4e77faddd61b5"],
    parameters: [88_949_818, 84_916_818],
  }),
  known("EfficientNetB0", efficientnet, {
    architecture: efficientnetb0,
    hashes: ["902e53a9f72be733fc0bcb005b3ebbac", "50bc09e76180e00e4465e1a485ddc09d"],
    parameters: [5_330_571, 4_049_571],
  }),
  known("EfficientNetB1", efficientnet, {
    size: 240,
    architecture: efficientnetb1,
    hashes: ["1d254153d4ab51201f1646940f018540", "74c4e6b3e1f6a1eea24c589628592432"],
    parameters: [7_856_239, 6_575_239],
  }),
  known("EfficientNetB2", efficientnet, {
    size: 260,
    architecture: efficientnetb2,
    hashes: ["b15cce36ff4dcbd00b6dd88e7857a6ad", "111f8e2ac8aa800a7a99e3239f7bfb39"],
    parameters: [9_177_569, 7_768_569],
  }),
  known("EfficientNetB3", efficientnet, {
    size: 300,
    architecture: efficientnetb3,
    hashes: ["ffd1fdc53d0ce67064dc6a9c7960ede0", "af6d107764bb5b1abb91932881670226"],
    parameters: [12_320_535, 10_783_535],
  }),
  known("EfficientNetB4", efficientnet, {
    size: 380,
    architecture: efficientnetb4,
    hashes: ["18c95ad55216b8f92d7e70b3a046e2fc", "ebc24e6d6c33eaebbd558eafbeedf1ba"],
    parameters: [19_466_823, 17_673_823],
  }),
  known("EfficientNetB5", efficientnet, {
    size: 456,
    architecture: efficientnetb5,
    hashes: ["ace28f2a6363774853a83a0b21b9421a", "38879255a25d3c92d5e44e04ae6cec6f"],
    parameters: [30_562_527, 28_513_527],
  }),
  known("EfficientNetB6", efficientnet, {
    size: 528,
    architecture: efficientnetb6,
    hashes: ["165f6e37dce68623721b423839de8be5", "9ecce42647a20130c1f39a5d4cb75743"],
    parameters: [43_265_143, 40_960_143],
  }),
  known("EfficientNetB7", efficientnet, {
    size: 600,
    architecture: efficientnetb7,
    hashes: ["8c03f828fec3ef71311cd463b6759d99", "cbcfe4450ddf6f3ad90b1b398090fe4a"],
    parameters: [66_658_687, 64_097_687],
  }),
  known("EfficientNetV2B0", efficientnetV2, {
    stem: "efficientnetv2-b0",
    architecture: efficientnetv2b0,
    hashes: ["21ecbf6da12460d5c40bb2f29ceb2188", "893217f2bb855e2983157299931e43ff"],
    parameters: [7_200_312, 5_919_312],
  }),
  known("EfficientNetV2B1", efficientnetV2, {
    stem: "efficientnetv2-b1",
    size: 240,
    architecture: efficientnetv2b1,
    hashes: ["069f0534ff22adf035c89e2d9547a9dc", "0e80663031ca32d657f9caa404b6ec37"],
    parameters: [8_212_124, 6_931_124],
  }),
  known("EfficientNetV2B2", efficientnetV2, {
    stem: "efficientnetv2-b2",
    size: 260,
    architecture: efficientnetv2b2,
    hashes: ["424e49f28180edbde1e94797771950a7", "1dfe2e7a5d45b6632553a8961ea609eb"],
    parameters: [10_178_374, 8_769_374],
  }),
  known("EfficientNetV2B3", efficientnetV2, {
    stem: "efficientnetv2-b3",
    size: 300,
    architecture: efficientnetv2b3,
    hashes: ["1f1fc43bd98a6e4fd8fdfd551e02c7a0", "f6abf7b5849ac99a89b50dd3fd532856"],
    parameters: [14_467_622, 12_930_622],
  }),
  known("EfficientNetV2S", efficientnetV2, {
    stem: "efficientnetv2-s",
    size: 384,
    architecture: efficientnetv2s,
    hashes: ["e1d88a8495beba45748fedd0cecbe016", "af0682fb74e8c54910f2d4393339c070"],
    parameters: [21_612_360, 20_331_360],
  }),
  known("EfficientNetV2M", efficientnetV2, {
    stem: "efficientnetv2-m",
    size: 480,
    architecture: efficientnetv2m,
    hashes: ["a3bf6aa3276309f4fc6a34aa114c95cd", "1b8dc055df72dde80d614482840fe342"],
    parameters: [54_431_388, 53_150_388],
  }),
  known("EfficientNetV2L", efficientnetV2, {
    stem: "efficientnetv2-l",
    size: 480,
    architecture: efficientnetv2l,
    hashes: ["27e6d408b53c7ebc868fefa357689935", "b0b66b5c863aef5b46e8608fe1711615"],
    parameters: [119_027_848, 117_746_848],
  }),
  known("ConvNeXtTiny", convnext, {
    stem: "convnext_tiny",
    architecture: convnexttiny,
    hashes: ["8ae6e78ce2933352b1ef4008e6dd2f17bc40771563877d156bc6426c7cf503ff", "d547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1"],
    parameters: [28_589_128, 27_820_128],
  }),
  known("ConvNeXtSmall", convnext, {
    stem: "convnext_small",
    architecture: convnextsmall,
    hashes: ["ce1277d8f1ee5a0ef0e171469089c18f5233860ceaf9b168049cb9263fd7483c", "6fc8009faa2f00c1c1dfce59feea9b0745eb260a7dd11bee65c8e20843da6eab"],
    parameters: [50_223_688, 49_454_688],
  }),
  known("ConvNeXtBase", convnext, {
    stem: "convnext_base",
    architecture: convnextbase,
    hashes: ["52cbb006d3dadd03f6e095a8ca1aca47aecdd75acb4bc74bce1f5c695d0086e6", "40a20c5548a5e9202f69735ecc06c990e6b7c9d2de39f0361e27baeb24cb7c45"],
    parameters: [88_591_464, 87_566_464],
  }),
  known("ConvNeXtLarge", convnext, {
    stem: "convnext_large",
    architecture: convnextlarge,
    hashes: ["070c5ed9ed289581e477741d3b34beffa920db8cf590899d6d2c67fba2a198a6", "96f02b6f0753d4f543261bc9d09bed650f24dd6bc02ddde3066135b63d23a1cd"],
    parameters: [197_767_336, 196_230_336],
  }),
  known("ConvNeXtXLarge", convnext, {
    stem: "convnext_xlarge",
    architecture: convnextxlarge,
    hashes: ["c1f5ccab661354fc3a79a10fa99af82f0fbf10ec65cb894a3ae0815f17a889ee", "de3f8a54174130e0cecdc71583354753d557fcf1f4487331558e2a16ba0cfe05"],
    parameters: [350_196_968, 348_147_968],
  }),
  ...mobilenets,
  ...mobilenetsV2,
  known("MobileNetV3Small", mobileV3, {
    name: "mobilenetv3small-0.75",
    stem: "weights_mobilenet_v3_small_224_0.75",
    architecture: mobilenetv3("small", 0.75),
    hashes: ["cb65d4e5be93758266aa0a7f2c6708b7", "ebdb5cc8e0b497cd13a7c275d475c819"],
    parameters: [2_051_552, 583_160],
  }),
  known("MobileNetV3Small", mobileV3, {
    name: "mobilenetv3small-1.0",
    stem: "weights_mobilenet_v3_small_224_1.0",
    architecture: mobilenetv3("small", 1),
    hashes: ["8768d4c2e7dee89b9d02b2d03d65d862", "d3e8ec802a04aa4fc771ee12a9a9b836"],
    parameters: [2_554_968, 939_120],
  }),
  known("MobileNetV3Small", mobileV3, {
    name: "mobilenetv3small-minimalistic",
    stem: "weights_mobilenet_v3_small_minimalistic_224_1.0",
    architecture: mobilenetv3("small", 1, true),
    hashes: ["99cd97fb2fcdad2bf028eb838de69e37", "cde8136e733e811080d9fcd8a252f7e4"],
    parameters: [2_056_848, 441_000],
  }),
  known("MobileNetV3Large", mobileV3, {
    name: "mobilenetv3large-0.75",
    stem: "weights_mobilenet_v3_large_224_0.75",
    architecture: mobilenetv3("large", 0.75),
    hashes: ["765b44a33ad4005b3ac83185abf1d0eb", "40af19a13ebea4e2ee0c676887f69a2e"],
    parameters: [4_012_616, 1_808_736],
  }),
  known("MobileNetV3Large", mobileV3, {
    name: "mobilenetv3large-1.0",
    stem: "weights_mobilenet_v3_large_224_1.0",
    architecture: mobilenetv3("large", 1),
    hashes: ["59e551e166be033d707958cf9e29a6a7", "07fb09a5933dd0c8eaafa16978110389"],
    parameters: [5_507_432, 2_996_352],
  }),
  known("MobileNetV3Large", mobileV3, {
    name: "mobilenetv3large-minimalistic",
    stem: "weights_mobilenet_v3_large_minimalistic_224_1.0",
    architecture: mobilenetv3("large", 1, true),
    hashes: ["675e7b876c45c57e9e63e6d90a36599c", "ec5221f64a2f6d1ef965a614bdae7973"],
    parameters: [3_948_688, 1_437_608],
  }),
];
