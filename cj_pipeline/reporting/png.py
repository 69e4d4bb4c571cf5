"""Figures as small PNG images: palette colours, so that they fit into an event log."""

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DPI = 110


def png(figure: "Figure", n_colours: int = 32) -> bytes:
    """The figure as a PNG image of few colours.

    Args:
        figure: What to draw.
        n_colours: Size of the palette; more where small areas of many colours must stay apart.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 (half a second to import)
    from PIL import Image  # noqa: PLC0415 (comes with matplotlib)

    raw, out = BytesIO(), BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(raw, format="png", dpi=_DPI)
    Image.open(raw).convert("RGB").quantize(n_colours).save(out, "PNG", optimize=True)
    return out.getvalue()
