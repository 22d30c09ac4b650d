"""Products of matrices."""

import torch

from .case import case, numbers


def gemm(a, b, c):
    return 0.5 * a.T @ b + 2 * c


CASES = [
    case("Gemm", "transA, alpha and beta", gemm, numbers(3, 2), numbers(3, 4, seed=1), numbers(4, seed=2), transA=1, alpha=0.5, beta=2.0),
    case("Gemm", "transB", lambda a, b: a @ b.T, numbers(2, 3), numbers(4, 3, seed=1), transB=1),
    case("MatMul", "matrices", torch.matmul, numbers(2, 3), numbers(3, 4, seed=1)),
    case("MatMul", "vectors", torch.matmul, numbers(3), numbers(3, seed=1)),
    case("MatMul", "a stack and a matrix", torch.matmul, numbers(2, 2, 3), numbers(3, 4, seed=1)),
    case("MatMul", "stacks that broadcast", torch.matmul, numbers(2, 1, 2, 3), numbers(2, 3, 2, seed=1)),
    case("MatMul", "a vector and a stack", torch.matmul, numbers(3), numbers(2, 3, 2, seed=1)),
    case("MatMul", "a stack and a vector", torch.matmul, numbers(2, 2, 3), numbers(3, seed=1)),
    *[
        case("Einsum", equation, lambda *x, equation=equation: torch.einsum(equation, *x), *[numbers(*s, seed=i) for i, s in enumerate(shapes)], equation=equation)
        for equation, shapes in [
            ("ij,jk->ik", [(2, 3), (3, 2)]),
            ("bij,bjk->bik", [(2, 2, 3), (2, 3, 2)]),
            ("...ij,jk->...ik", [(2, 2, 3), (3, 2)]),
            ("ii->i", [(3, 3)]),
            ("ij->", [(2, 3)]),
            ("ij,jk", [(2, 3), (3, 2)]),
        ]
    ],
]
