"""Colours as DICOM encodes them, and colour management with ICC profiles (PS3.3 C.10.7.1.1 and C.11.15)."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from hdcore.errors import InputError, InputTypeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from PIL.ImageCms import ImageCmsProfile, ImageCmsTransform

__all__ = ["CIELabColor", "ColorManager", "input_profile", "rgb_from_name", "srgb_icc_profile"]

_INPUT_CLASSES = frozenset({b"scnr", b"spac"})
_DISPLAY_CLASS = b"mntr"

_RGB_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = (0.95047, 1.0, 1.08883)  # CIE D65
_LARGEST = 0xFFFF
_DELTA = 6 / 29


class CIELabColor:
    """A colour in the CIE L*a*b* space, which DICOM uses for recommended display colours.

    Examples
    --------
    >>> CIELabColor.from_string("orange").value
    (49107, 39048, 53188)
    >>> CIELabColor.from_dicom_value((49107, 39048, 53188)).to_rgb()
    (255, 165, 0)
    """

    __slots__ = ("_lab",)

    def __init__(self, l_star: float, a_star: float, b_star: float) -> None:
        """Make a colour.

        Parameters
        ----------
        l_star: float
            Lightness, 0 (black) to 100 (white).
        a_star: float
            Green to red, -128 to 127.
        b_star: float
            Blue to yellow, -128 to 127.

        Raises
        ------
        ValueError
            If a component is out of its range.
        """
        for name, number, low, high in (
            ("l_star", l_star, 0.0, 100.0),
            ("a_star", a_star, -128.0, 127.0),
            ("b_star", b_star, -128.0, 127.0),
        ):
            if not low <= number <= high:
                raise InputError(f"{name} is {number}; expected {low:g} to {high:g}.")
        self._lab = (float(l_star), float(a_star), float(b_star))

    @classmethod
    def from_dicom_value(cls, value: Sequence[int]) -> Self:
        """Make a colour from the three integers that DICOM stores (PS3.3 C.10.7.1.1).

        Parameters
        ----------
        value: Sequence[int]
            Three numbers from 0 to 65535.

        Raises
        ------
        ValueError
            If there are not three such numbers.
        """
        numbers = tuple(int(number) for number in value)
        if len(numbers) != 3 or not all(0 <= number <= _LARGEST for number in numbers):
            raise InputError(f"The CIELab value is {numbers}; expected three numbers from 0 to {_LARGEST}.")
        lightness, a, b = (number / _LARGEST for number in numbers)
        return cls(100.0 * lightness, 255.0 * a - 128.0, 255.0 * b - 128.0)

    @classmethod
    def from_rgb(cls, r: float, g: float, b: float) -> Self:
        """Make a colour from components of sRGB.

        Parameters
        ----------
        r: float
            Red, 0 to 255.
        g: float
            Green, 0 to 255.
        b: float
            Blue, 0 to 255.

        Raises
        ------
        ValueError
            If a component is out of range.
        """
        rgb = np.array([r, g, b], np.float64) / 255.0
        if rgb.min() < 0 or rgb.max() > 1:
            raise InputError(f"The RGB components are {(r, g, b)}; expected numbers from 0 to 255.")
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        x, y, z = (_compress(value) for value in _RGB_TO_XYZ @ linear / _WHITE)
        lightness, a_star, b_star = 116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)
        return cls(min(100.0, max(0.0, lightness)), a_star, b_star)

    @classmethod
    def from_string(cls, color: str) -> Self:
        """Make a colour from its CSS name or notation.

        Parameters
        ----------
        color: str
            A name in any case (``"Crimson"``), hexadecimal digits (``"#ff7733"``), or ``"RGB(255, 255, 0)"``.

        Raises
        ------
        ValueError
            If there is no such colour.
        """
        return cls.from_rgb(*rgb_from_name(color))

    @property
    def l_star(self) -> float:
        """float: lightness, 0 to 100."""
        return self._lab[0]

    @property
    def a_star(self) -> float:
        """float: green to red, -128 to 127."""
        return self._lab[1]

    @property
    def b_star(self) -> float:
        """float: blue to yellow, -128 to 127."""
        return self._lab[2]

    @property
    def lab(self) -> tuple[float, float, float]:
        """tuple[float, float, float]: the three components."""
        return self._lab

    @property
    def value(self) -> tuple[int, int, int]:
        """tuple[int, int, int]: the components as DICOM stores them, 0 to 65535 (PS3.3 C.10.7.1.1)."""
        lightness, a_star, b_star = self._lab
        return (
            round(lightness / 100.0 * _LARGEST),
            round((a_star + 128.0) / 255.0 * _LARGEST),
            round((b_star + 128.0) / 255.0 * _LARGEST),
        )

    def to_rgb(self, clip: bool = False) -> tuple[int, int, int]:
        """Give the colour's components in sRGB.

        Parameters
        ----------
        clip: bool, optional
            Whether to give the nearest components where sRGB has no such colour.

        Returns
        -------
        tuple[int, int, int]
            Red, green and blue, 0 to 255.

        Raises
        ------
        ValueError
            If sRGB has no such colour and ``clip`` is False.
        """
        y = (self.l_star + 16.0) / 116.0
        cubes = [_expand(value) for value in (y + self.a_star / 500.0, y, y - self.b_star / 200.0)]
        linear = np.linalg.solve(_RGB_TO_XYZ, np.multiply(cubes, _WHITE))
        curved = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.abs(linear) ** (1 / 2.4) - 0.055)
        rgb = np.rint(255.0 * curved)
        if not clip and (rgb.min() < 0 or rgb.max() > 255):
            raise InputError(f"{self!r} lies outside of sRGB; pass clip=True for the nearest colour.")
        red, green, blue = (int(component) for component in np.clip(rgb, 0, 255))
        return red, green, blue

    def __eq__(self, other: object) -> bool:
        return self.value == other.value if isinstance(other, CIELabColor) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return f"CIELabColor({self.l_star:g}, {self.a_star:g}, {self.b_star:g})"


def _compress(value: float) -> float:
    return float(np.cbrt(value)) if value > _DELTA**3 else value / (3 * _DELTA**2) + 4 / 29


def _expand(value: float) -> float:
    return value**3 if value > _DELTA else 3 * _DELTA**2 * (value - 4 / 29)


class ColorManager:
    """Converts colours from the space of an ICC profile to sRGB.

    The conversion is built once and may be used from several threads. Managers can be pickled.
    """

    __slots__ = ("_profile", "_transform")

    def __init__(self, icc_profile: bytes) -> None:
        """Take a profile.

        Parameters
        ----------
        icc_profile: bytes
            An ICC profile of an RGB device, as in the attribute ICC Profile.

        Raises
        ------
        ValueError
            If it cannot be read, or is not one of RGB.
        """
        if not isinstance(icc_profile, bytes | bytearray | memoryview):
            raise InputTypeError(f"icc_profile is of type {type(icc_profile).__name__}; expected bytes.")
        self._profile = bytes(icc_profile)
        self._transform = _transform_of(self._profile)

    def transform_frame(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Convert a frame to sRGB.

        Parameters
        ----------
        array: numpy.ndarray
            RGB samples of type uint8 and shape ``(rows, columns, 3)``.

        Returns
        -------
        numpy.ndarray
            Same shape and type.

        Raises
        ------
        ValueError
            If the array is of another shape or type.
        """
        from PIL import Image

        if array.ndim != 3 or array.shape[2] != 3:
            raise InputError(f"array has shape {array.shape}; expected (rows, columns, 3).")
        if array.dtype != np.uint8:
            raise InputError(f"array is of type {array.dtype}; expected uint8.")
        image = Image.fromarray(np.ascontiguousarray(array))
        self._transform.apply_in_place(image)
        return np.array(image)

    def __reduce__(self) -> tuple[type[ColorManager], tuple[bytes]]:
        return type(self), (self._profile,)

    def __eq__(self, other: object) -> bool:
        return self._profile == other._profile if isinstance(other, ColorManager) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._profile)


@lru_cache(maxsize=16)
def _transform_of(icc_profile: bytes) -> ImageCmsTransform:
    from PIL import ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(icc_profile))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"The ICC profile of {len(icc_profile)} bytes cannot be read: {error}.") from error
    number = ImageCms.getDefaultIntent(profile)
    try:
        intent = ImageCms.Intent(number)
    except ValueError as error:
        raise InputError(
            f"The rendering intent of the ICC profile is {number}; expected 0 to 3 (ICC.1 7.2.15)."
        ) from error
    try:
        return ImageCms.buildTransform(profile, _srgb(), "RGB", "RGB", intent)
    except ImageCms.PyCMSError as error:
        raise InputError(f"The ICC profile is not one of an RGB device: {error}.") from error


@lru_cache(maxsize=1)
def _srgb() -> ImageCmsProfile:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@lru_cache(maxsize=1)
def srgb_icc_profile() -> bytes:
    """Give an ICC profile of the sRGB colour space (IEC 61966-2-1).

    Returns
    -------
    bytes
        An even number of bytes, as the attribute ICC Profile needs; the same in every process.
    """
    profile = bytearray(_srgb().tobytes())
    # the creation time and the identifier computed from it (ICC.1 7.2.8 and 7.2.18) would differ between runs
    profile[24:36] = bytes([7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0])
    return input_profile(bytes(profile))


def input_profile(icc_profile: bytes) -> bytes:
    """Give a profile as the attribute ICC Profile must hold it: that of an input device (PS3.3 C.11.15.1.1).

    A profile of a display becomes that of a device which captures colours as the display shows them: both classes have
    the same tags, so the class in the header is all that changes.

    Parameters
    ----------
    icc_profile: bytes
        A profile of RGB colours.

    Returns
    -------
    bytes
        An even number of bytes.

    Raises
    ------
    ValueError
        If it cannot be read, or is of another colour space or class, which says nothing about RGB pixels.
    """
    ColorManager(icc_profile)
    kind, space, connection = (icc_profile[first : first + 4] for first in (12, 16, 20))
    if kind not in _INPUT_CLASSES | {_DISPLAY_CLASS} or space != b"RGB " or connection not in (b"XYZ ", b"Lab "):
        raise InputError(
            f"The ICC profile is of class {kind!r}, from {space!r} to {connection!r}; expected one of an input device "
            "('scnr') from 'RGB ' to 'XYZ ' or 'Lab '."
        )
    profile = bytearray(icc_profile)
    if kind == _DISPLAY_CLASS:
        profile[12:16] = b"scnr"
        profile[84:100] = bytes(16)  # the identifier, of which the class is a part (ICC.1 7.2.18)
    return bytes(profile) + b"\0" * (len(profile) % 2)


def rgb_from_name(color: str) -> tuple[int, int, int]:
    """Give the sRGB components of a CSS colour.

    Parameters
    ----------
    color: str
        A name in any case, hexadecimal digits after ``#``, or ``"RGB(255, 255, 0)"``.

    Raises
    ------
    ValueError
        If there is no such colour.
    """
    from PIL import ImageColor

    try:
        components = ImageColor.getrgb(color)
    except (ValueError, AttributeError) as error:
        raise InputError(f"{color!r} is not a colour; expected a CSS name such as 'red', or '#ff7733'.") from error
    red, green, blue = components[:3]
    return red, green, blue
