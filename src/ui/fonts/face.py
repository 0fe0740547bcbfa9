"""Makes face.woff2: Atkinson Hyperlegible Next, with a digit zero that has no slash.

The slash tells a zero from a letter O. Dates and times have no letters, and there it is noise. The face has no other zero
to choose. The widths, proportional and tabular, and the weights stay those of the face.

Needs Debian's python3-fonttools and python3-brotli. Run in the project's folder: python3 src/ui/fonts/face.py
"""

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates

FACE = (
    "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files/"
    "atkinson-hyperlegible-next-latin-wght-normal.woff2"
)
OUTER = range(0, 16)
# The two halves of the counter, from one end of the slash to the other, and then the halves as one contour.
INNER = [*range(16, 20), *range(28, 39), 27, *range(20, 27)]
PHANTOM = range(39, 43)

font = TTFont(FACE)
glyph = font["glyf"]["zero"]
if glyph.endPtsOfContours != [15, 26, 38]:
    raise SystemExit("The zero of this version of the face has other contours: choose its points anew.")
order = [*OUTER, *INNER]
glyph.coordinates = GlyphCoordinates([glyph.coordinates[each] for each in order])
glyph.flags = bytearray(glyph.flags[each] for each in order)
glyph.endPtsOfContours = [15, len(order) - 1]
glyph.numberOfContours = 2
for variation in font["gvar"].variations["zero"]:
    variation.coordinates = [variation.coordinates[each] for each in [*order, *PHANTOM]]

for record in list(font["name"].names):
    if record.nameID in (1, 3, 4, 6, 16, 25):
        record.string = record.toUnicode().replace("Atkinson Hyperlegible Next", "Finestreta Sans").replace(
            "AtkinsonHyperlegibleNext", "FinestretaSans"
        )
font.flavor = "woff2"
font.save("src/ui/fonts/face.woff2")
