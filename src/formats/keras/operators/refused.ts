// Operations of Keras that are refused on purpose, and why.

const size = "how large its result is depends on the picture";
const algebra = "matrices are not decomposed, inverted or solved for";
const complex = "complex tensors are not read; transforms give and take pairs of real ones";
const missing = "ONNX has no operator for it";
const code = "it holds Python code, and Pellucid runs no code from files";
const backends = "each backend of Keras gives other numbers for it";

const because = (reason: string, names: string) => names.split(" ").map((name) => [name, reason] as const);

/** Reasons by name, as the table of operations spells names. */
export const refusedOperators: Readonly<Record<string, string>> = Object.fromEntries([
  ...because(size, "arange bincount histogram nonzero unique"),
  ...because(algebra, "cholesky cholesky_inverse det eig eigh inv logdet lstsq lu_factor matrix_rank pinv qr slogdet solve solve_triangular svd"),
  ...because(complex, "polar view_as_complex view_as_real"),
  ...because(missing, "ctcdecode ctcloss gcd i0 lcm nextafter view"),
  ...because(code, "associative_scan cond fori_loop map scan switch vectorized_map while_loop"),
  ...because("it draws random numbers", "elastic_transform"),
  ...because(backends, "argpartition"),
]);
