"""Boxes without those that overlap better ones."""

from .common import np, raw

random = np.random.default_rng(9)
CORNERS = random.random((12, 2)).astype("f4")
BOXES = np.concatenate([CORNERS, CORNERS + random.random((12, 2)).astype("f4") - 0.3], 1).astype("f4")
SCORES = random.random(12).round(1).astype("f4")


def v4(boxes, scores, count, overlap, least=0.0):
    return list(raw.NonMaxSuppressionV4(boxes=boxes, scores=scores, max_output_size=count, iou_threshold=overlap, score_threshold=least, pad_to_max_output_size=True))


def v5(boxes, scores, count, overlap, least, sigma):
    return list(raw.NonMaxSuppressionV5(boxes=boxes, scores=scores, max_output_size=count, iou_threshold=overlap, score_threshold=least, soft_nms_sigma=sigma, pad_to_max_output_size=True))


CASES = {
    "NonMaxSuppressionV4": (lambda b, s: [*v4(b, s, 4, 0.1), *v4(b, s, 14, 0.3, 0.25), *v4(b, s, 3, 1.0), *v4(b, s, 2, 0.5, 2.0)], [BOXES, SCORES]),
    "NonMaxSuppressionV5": (lambda b, s: [*v5(b, s, 5, 0.2, 0.1, 0.0), *v5(b, s, 12, 0.2, 0.05, 0.5), *v5(b, s, 6, 0.9, 0.3, 0.1)], [BOXES, SCORES]),
}
