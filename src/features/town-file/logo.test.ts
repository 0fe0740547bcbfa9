import { describe, expect, test } from 'vitest';
import { addressOf, briefAddress, pictureFault, pictureOf } from './logo.ts';
import { svgFault } from './svg.ts';
import { PIXEL, SHIELD } from './testing.ts';

const svg = (inner: string, more = '') =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"${more}>${inner}</svg>`;
const faultOf = (text: string) => pictureFault(addressOf(Buffer.from(text)))?.kind ?? null;

describe('a drawing', () => {
  test.each([
    ['as we draw', SHIELD],
    [
      'as drawing programs write it',
      `\uFEFF<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!-- Generator: Adobe -->\n` +
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n' +
        svg(
          '<metadata id="m"/><defs><style type="text/css"><![CDATA[.a{fill:#c00;clip-path:url(#c)}]]></style><clipPath id="c"><path d="M0 0"/></clipPath></defs>' +
            '<g fill=\'url(#g)\' style="font-family:&apos;Myriad&apos;" font-weight="700"><use xlink:href="#c"/><image href="data:image/png;base64,iVBORw0KGgo="/></g>',
          ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:version="1.3"',
        ) +
        '\n<!-- end -->\n',
    ],
  ])('that only stands there is taken: %s', (_, text) => {
    expect(svgFault(text)).toBeNull();
  });

  test.each([
    ['a script', svg('<script>alert(1)</script>')],
    ['a script under another prefix', svg('<s:script xmlns:s="http://www.w3.org/2000/svg"/>')],
    ['what happens when it is loaded', svg('', ' onload="alert(1)"')],
    ['a document in it', svg('<foreignObject><p/></foreignObject>')],
    ['a picture elsewhere', svg('<image href="https://example.org/a.png"/>')],
    ['a drawing in a reference', svg('<image xlink:href="data:image/svg+xml;base64,PHN2Zz4="/>')],
    ['a link that runs', svg('<a href="javascript:alert(1)"/>')],
    ['a link in signs by number', svg('<a href="&#106;avascript:alert(1)"/>')],
    ['a style that fetches', svg('<path style="fill:url(https://example.org/a)"/>')],
    ['a style that imports', svg('<style>@import "https://example.org/a.css";</style>')],
    ['a style in escapes', svg('<style>path{fill:u\\72l(https://example.org)}</style>')],
    ['an animation', svg('<animateTransform attributeName="transform"/>')],
    ['a style that moves', svg('<style>g{animation:a 1s}@keyframes a{}</style>')],
    [
      'a script between two texts that look like a comment',
      svg('<![CDATA[<!--]]><script/><![CDATA[-->]]>'),
    ],
  ])('with %s is refused', (_, text) => {
    expect(svgFault(text)).toBe('active');
  });

  test.each([
    ['words of its own', `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('&a;')}`],
    [
      'a comment that begins in a name',
      `<!DOCTYPE svg SYSTEM "<!--">${svg('<script/><g id="-->"/>')}`,
    ],
    ['an instruction', `<?xml-stylesheet href="a.css"?>${svg('')}`],
    ['no end', '<svg xmlns="http://www.w3.org/2000/svg"><g>'],
    ['ends that cross', svg('<g><a></g></a>')],
    ['an attribute without quotes', svg('<g fill=red onload=alert(1)/>')],
    ['no namespace, which browsers show nothing of', '<svg/>'],
    ['another page', '<html xmlns="http://www.w3.org/1999/xhtml"/>'],
    ['something after it', `${svg('')}<script/>`],
    ['nothing', ''],
  ])('with %s is no drawing', (_, text) => {
    expect(svgFault(text)).toBe('broken');
  });
});

describe("a logo's file", () => {
  test('is told by what is in it', () => {
    expect(pictureOf(addressOf(PIXEL))).toMatchObject({ type: 'image/png', bytes: PIXEL });
    expect(faultOf(SHIELD)).toBeNull();
    expect(pictureFault(addressOf(PIXEL))).toBeNull();
    expect(pictureFault(addressOf(PIXEL).replace('png', 'jpeg'))?.kind).toBe('picture_kind');
    expect(faultOf('%PDF-1.7')).toBe('picture_kind');
    expect(faultOf('')).toBe('picture_kind');
    expect(pictureFault('data:text/html,<script>')?.kind).toBe('picture_kind');
    expect(pictureFault('https://example.org/logo.svg')).toBeNull();
  });

  test('is neither large nor in signs that not everybody reads alike', () => {
    expect(pictureFault(addressOf(Buffer.concat([PIXEL, Buffer.alloc(100_000)])))).toMatchObject({
      ...{ kind: 'picture_large', values: { max: 100 } },
    });
    const most = Buffer.concat([PIXEL, Buffer.alloc(100_000 - PIXEL.length)]);
    expect(pictureFault(addressOf(most))).toBeNull();
    const wide = Buffer.from(`<?xml version="1.0" encoding="UTF-7"?>${svg('')}`);
    expect(pictureFault(addressOf(wide))?.kind).toBe('picture_broken');
    const latin = Buffer.from(svg('<title>Rubí</title>'), 'latin1');
    expect(pictureFault(addressOf(latin))?.kind).toBe('picture_broken');
  });

  test('is told in few words, never whole', () => {
    expect(briefAddress(addressOf(PIXEL))).toMatch(/^image\/png, 0\.1 kB, [0-9a-f]{20}\.png$/);
    expect(briefAddress('https://example.org/logo.svg')).toBe('https://example.org/logo.svg');
  });
});
