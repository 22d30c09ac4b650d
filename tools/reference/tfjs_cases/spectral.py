"""Complex numbers and Fourier transforms."""

from .common import floats, raw, tf


def parts(z):
    return [raw.Real(input=z), raw.Imag(input=z)]


CASES = {
    "Complex": (lambda x, y: [*parts(tf.complex(x + y, x * y)), raw.ComplexAbs(x=tf.complex(x, y)), raw.Angle(input=tf.complex(x, y)), *parts(raw.Conj(input=tf.complex(x - y, x * y)))], [(2, 3), (2, 3)]),
    "ComplexAbs at 0": (lambda x: raw.ComplexAbs(x=tf.complex(x, tf.zeros_like(x))), [floats(0, -2, 1)]),
    "FFT, IFFT": (lambda x, y: [*parts(raw.FFT(input=tf.complex(x, y))), *parts(raw.IFFT(input=tf.complex(x, y)))], [(2, 7), (2, 7)]),
    "RFFT": (lambda x: [raw.ComplexAbs(x=raw.RFFT(input=x, fft_length=[n])) for n in (8, 6, 7)], [(2, 8)]),
    "IRFFT": (lambda x, y: [raw.IRFFT(input=tf.complex(x, y), fft_length=[n]) for n in (8, 9, 4)], [(2, 5), (2, 5)]),
    "a filter among the frequencies": (
        lambda x: raw.IRFFT(input=tf.concat([raw.RFFT(input=x, fft_length=[8])[..., :3], -raw.RFFT(input=x, fft_length=[8])[..., 3:]], -1), fft_length=[8]),
        [(2, 8)],
    ),
    "tf.signal.stft": (lambda x: [tf.abs(tf.signal.stft(x, 8, 4, 16)), tf.signal.inverse_stft(tf.signal.stft(x, 8, 4), 8, 4)], [(2, 32)]),
}
