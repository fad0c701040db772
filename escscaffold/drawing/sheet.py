"""The paper on which a picture is laid out, from its top to its bottom."""

from escscaffold.drawing.shapes import Area, Stroke, Text

WIDTH = 640
MARGIN = 20
LEFT, RIGHT = MARGIN, WIDTH - MARGIN
INNER = RIGHT - LEFT


class Sheet:
    """Shapes so far, and how far down they reach."""

    def __init__(self) -> None:
        self.y: float = MARGIN
        self._shapes: list[Text | Area | Stroke | None] = []

    @property
    def shapes(self) -> tuple[Text | Area | Stroke, ...]:
        """Everything that was drawn, in its order."""
        return tuple(shape for shape in self._shapes if shape)

    def add(self, shape: Text | Area | Stroke) -> None:
        """Draw a shape over what is there."""
        self._shapes.append(shape)

    def reserve(self) -> int:
        """Keep a place in the order for an area whose height is known after what lies on it."""
        self._shapes.append(None)
        return len(self._shapes) - 1

    def fill(self, place: int, area: Area) -> None:
        """Draw the area at the place that was kept."""
        self._shapes[place] = area
