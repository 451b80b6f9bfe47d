"""What can be read off a drawn chart."""

from xml.etree.ElementTree import Element, fromstring

SVG = "{http://www.w3.org/2000/svg}"


class Drawing:
    def __init__(self, svg: str):
        self.root = fromstring(svg)

    def all(self, tag: str) -> list[Element]:
        return list(self.root.iter(SVG + tag))

    def of_class(self, tag: str, name: str) -> list[Element]:
        return [element for element in self.all(tag) if name in element.get("class", "").split()]

    @property
    def addresses(self) -> list[str]:
        return [link.get("href", "") for link in self.all("a")]

    @property
    def words(self) -> list[str]:
        return [text.text or "" for text in self.all("text")]

    @property
    def told(self) -> list[str]:
        """What is said where the pointer rests on a mark."""
        return [title.text or "" for title in self.all("title")]

    @property
    def lines(self) -> list[Element]:
        """Intervals: neither grid nor arrows."""
        return [line for line in self.all("line") if "stroke-line" not in line.get("class", "")]

    @property
    def attributes(self) -> set[str]:
        return {name for element in self.root.iter() for name in element.attrib}
