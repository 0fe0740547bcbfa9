import { describe, expect, test } from 'vitest';
import { jpg, png, webp } from '../../../features/service/documents/checks/testing/files.ts';
import { PIXEL, SHIELD } from '../testing.ts';
import { addressOf, briefAddress, pictureFault, pictureOf } from './logo.ts';
import { svgFault } from './svg.ts';

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
            '<g fill=\'url(#g)\' style="font-family:&apos;Myriad&apos;" font-weight="700"><use xlink:href="#c"/><image href="data:image/png;base64,' +
            PIXEL.toString('base64') +
            '"/></g>',
          ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:version="1.3"',
        ) +
        '\n<!-- end -->\n',
    ],
    [
      'as older ones do',
      '<?xml version="1.0" standalone="no"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 20010904//EN"\n "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd">' +
        svg(''),
    ],
    [
      'as Inkscape writes it',
      '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.0//EN" "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd">' +
        svg(''),
    ],
    ['with the shortest type of document', `<!DOCTYPE svg>${svg('')}`],
  ])('that is static is accepted: %s', (_, text) => {
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
    [
      'a style in pieces',
      svg('<style>path{fill:ur<!-- -->l(https://<![CDATA[example.org)]]>}</style>'),
    ],
    [
      'a style that imports in pieces',
      svg('<style>@imp<![CDATA[ort "https://example.org"]]></style>'),
    ],
    [
      'a reference in a name of its own',
      svg('<style>.a{--m:url(#m)}.b{mask:var(--m)}</style><mask id="m"/>'),
    ],
    ['a mask that is handed down', svg('<g mask="url(#m)"><g mask="inherit"/></g>')],
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
    [
      'the document type of pages, of which browsers know more names of signs',
      `<!DOCTYPE svg PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">${svg('')}`,
    ],
    ['a sign by a name that only pages have', svg('<g fill="url&lpar;#a)"/>')],
    ['such a sign in a style', svg('<style>g{fill:url&lpar;https://evil.example/x)}</style>')],
    ['a sign by no name', svg('<g id="a & b"/>')],
    ['a sign by a name that the language has', svg('<title>&constructor;</title>')],
    ['an instruction', `<?xml-stylesheet href="a.css"?>${svg('')}`],
    ['no end', '<svg xmlns="http://www.w3.org/2000/svg"><g>'],
    ['ends that cross', svg('<g><a></g></a>')],
    ['an attribute without quotes', svg('<g fill=red onload=alert(1)/>')],
    ['no namespace, which browsers show nothing of', '<svg/>'],
    ['another page', '<html xmlns="http://www.w3.org/1999/xhtml"/>'],
    ['something after it', `${svg('')}<script/>`],
    ['nothing', ''],
  ])('with %s is not a valid drawing', (_, text) => {
    expect(svgFault(text)).toBe('broken');
  });
});

/** Returns a drawing of eleven pieces, each of which refers ten times to the one before. */
const tower = (first: string, level: (n: number, before: string) => string, last: string) =>
  svg(
    `<defs>${first}${Array.from({ length: 11 }, (_, n) => level(n + 1, `l${n}`)).join('')}</defs>${last}`,
  );
const manyTimes = (count: number, piece: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => piece(n)).join('');
const ten = (piece: string) => piece.repeat(10);

describe('a drawing that refers to itself', () => {
  const square = '<path d="M0 0h9v9z"/>';
  test.each([
    [
      'pieces in pieces',
      tower(
        `<g id="l0">${square}</g>`,
        (n, before) => `<g id="l${n}">${ten(`<use href="#${before}"/>`)}</g>`,
        '<use href="#l11"/>',
      ),
    ],
    [
      'patterns in patterns',
      tower(
        `<pattern id="l0">${square}</pattern>`,
        (n, before) =>
          `<pattern id="l${n}">${ten(`<path fill="url(#${before})" d="M0 0"/>`)}</pattern>`,
        '<path style="fill:url(&quot;#l11&quot;)"/>',
      ),
    ],
    [
      'patterns that are handed down',
      tower(
        `<pattern id="l0">${square}</pattern>`,
        (n, before) =>
          `<g fill="url(#${before})"><pattern id="l${n}">${ten('<path d="M0 0"/>')}</pattern></g>`,
        '<path fill="url(#l11)"/>',
      ),
    ],
    [
      'clip paths by a style',
      tower(
        `<clipPath id="l0">${square}</clipPath>`,
        (n) => `<clipPath id="l${n}">${ten(`<path class="c${n}"/>`)}</clipPath>`,
        `<style>${Array.from({ length: 12 }, (_, n) => `.c${n + 1}{clip-path:url(#l${n})}`).join('')}</style><path class="c12"/>`,
      ),
    ],
    [
      'clip paths by a style with a comment',
      tower(
        `<clipPath id="l0">${square}</clipPath>`,
        (n) => `<clipPath id="l${n}">${ten(`<path class="c${n}"/>`)}</clipPath>`,
        `<style>${Array.from({ length: 12 }, (_, n) => `.c${n + 1}{/*}.z{*/clip-path:url(#l${n})}`).join('')}</style><path class="c12"/>`,
      ),
    ],
    [
      'markers at each point of lines',
      tower(
        `<marker id="l0">${square}</marker>`,
        (n, before) =>
          `<marker id="l${n}"><path marker-mid="url(#${before})" d="${ten('M0 0')}"/></marker>`,
        '<path marker-mid="url(#l11)" d="M0 0"/>',
      ),
    ],
    [
      'ids in signs by number',
      tower(
        `<g id="l0">${square}</g>`,
        (n, before) => `<g id="&#108;${n}">${ten(`<use href="#${before}"/>`)}</g>`,
        '<use href="#l11"/>',
      ),
    ],
    ['a circle', svg('<g id="a"><use href="#a"/></g>')],
    ['a circle of two', svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>')],
    ['a circle of masks', svg('<mask id="m"><path mask="url(#m)"/></mask>')],
    ['no end of groups', svg('<g>'.repeat(5_000) + '</g>'.repeat(5_000))],
  ])('endlessly is refused: %s', (_, text) => {
    expect(faultOf(text)).toBe('picture_heavy');
  });

  test.each([
    [
      'clips as Illustrator writes them',
      svg(
        '<style type="text/css">.st0{clip-path:url(#SVGID_2_);} .st1{fill:url(#g);font-family:\'Myriad Pro\'}</style>' +
          '<g><defs><path id="SVGID_1_" d="M0 0h9v9z"/></defs><clipPath id="SVGID_2_"><use xlink:href="#SVGID_1_" style="overflow:visible;"/></clipPath>' +
          '<g class="st0"><path class="st1" d="M1 1"/></g></g>' +
          '<linearGradient id="h"><stop offset="0"/></linearGradient><linearGradient id="g" xlink:href="#h"/>',
        ' xmlns:xlink="http://www.w3.org/1999/xlink"',
      ),
    ],
    [
      'a thousand leaves of one leaf',
      svg(`<defs><g id="leaf">${ten(square)}</g></defs>${'<use href="#leaf"/>'.repeat(1_000)}`),
    ],
    [
      'gradients of gradients as Inkscape writes them',
      svg(
        '<defs><linearGradient id="a"><stop style="stop-color:#c00" offset="0"/></linearGradient>' +
          '<linearGradient xlink:href="#a" id="b"/><radialGradient xlink:href="#b" id="c"/></defs>' +
          `<g style="fill:url(#b);stroke:url(#c)">${'<path style="fill:url(#c)" d="M0 0h9v9z"/>'.repeat(300)}</g>`,
        ' xmlns:xlink="http://www.w3.org/1999/xlink"',
      ),
    ],
    [
      'a picture in a pattern behind a mask as Figma writes it',
      svg(
        '<g clip-path="url(#clip0)"><mask id="mask0" style="mask-type:luminance"><path d="M9 0H0V9H9Z" fill="white"/></mask>' +
          '<g mask="url(#mask0)" filter="url(#filter0)"><rect width="9" height="9" fill="url(#pattern0)"/></g></g>' +
          '<defs><filter id="filter0"><feFlood/><feBlend in2="effect1"/></filter>' +
          '<pattern id="pattern0"><use xlink:href="#image0" transform="scale(0.1)"/></pattern>' +
          '<clipPath id="clip0"><rect width="9" height="9" fill="white"/></clipPath>' +
          `<image id="image0" width="9" height="9" xlink:href="data:image/png;base64,${PIXEL.toString('base64')}"/></defs>`,
        ' xmlns:xlink="http://www.w3.org/1999/xlink"',
      ),
    ],
    [
      'arrows',
      svg(
        `<marker id="m">${square}</marker>${'<path marker-end="url(#m)" d="M0 0h9"/>'.repeat(50)}`,
      ),
    ],
    ['an id that is said in words', svg('<g id="Cases &#38; &amp; places"/>')],
  ])('as ordinary drawings do is accepted: %s', (_, text) => {
    expect(faultOf(text)).toBeNull();
  });

  test.each([
    [
      'many are painted with many',
      `${manyTimes(3_000, (n) => `<pattern id="p${n}"/>`)}<g style="${manyTimes(3_000, (n) => `fill:url(#p${n});`)}">${'<g/>'.repeat(30_000)}</g>`,
    ],
    [
      'many rules speak of many',
      `<style>${manyTimes(3_000, (n) => `g{mask:url(#m${n})}`)}</style>${manyTimes(3_000, (n) => `<mask id="m${n}"/>`)}${'<g/>'.repeat(30_000)}`,
    ],
    [
      'one rule gives many words many references',
      `<style>${manyTimes(10_000, (n) => `.c${n},`)}.c{${manyTimes(10_000, (n) => `mask:url(#m${n});`)}}</style>`,
    ],
    ['many have one name', `${'<g id="a"/>'.repeat(20_000)}${'<use href="#a"/>'.repeat(20_000)}`],
  ])('is counted in one pass where %s', (_, inner) => {
    expect(['heavy', null]).toContain(svgFault(svg(inner)));
  });

  test('that is a very long blank is read without delay', () => {
    const blank = ' '.repeat(800_000);
    expect(svgFault(svg(`<g fill="url(${blank}#a)"/>`))).toBeNull();
    expect(svgFault(svg(`<image href="${blank}data:image/png;base64,"/>`))).toBe('active');
    expect(svgFault(svg(`<g fill="${blank}"/><style>${blank}</style>${blank}`))).toBeNull();
    expect(svgFault(svg(`<style>${'url('.repeat(200_000)}</style>`))).toBe('active');
    expect(svgFault(svg(`<style>${'--'.repeat(400_000)}:url</style>`))).toBe('active');
    expect(svgFault(svg(`<style>${'&#38;--m-'.repeat(100_000)}</style>`))).toBeNull();
    expect(svgFault(svg(`<style>${'/*"'.repeat(200_000)}</style>`))).toBeNull();
    expect(svgFault(`${blank}<svg`)).toBe('broken');
  });
});

describe("a logo's file", () => {
  test('has the type that its content shows', () => {
    expect(pictureOf(addressOf(PIXEL))).toMatchObject({ type: 'image/png', bytes: PIXEL });
    expect(faultOf(SHIELD)).toBeNull();
    expect(pictureFault(addressOf(PIXEL))).toBeNull();
    expect(pictureFault(addressOf(PIXEL).replace('png', 'jpeg'))?.kind).toBe('picture_kind');
    expect(faultOf('%PDF-1.7')).toBe('picture_kind');
    expect(faultOf('')).toBe('picture_kind');
    expect(pictureFault('data:text/html,<script>')?.kind).toBe('picture_kind');
    expect(pictureFault('https://example.org/logo.svg')).toBeNull();
  });

  test('is not too large, and has only characters that all programs read alike', () => {
    expect(pictureFault(addressOf(Buffer.concat([PIXEL, Buffer.alloc(100_000)])))).toMatchObject({
      ...{ kind: 'picture_large', values: { max: 100 } },
    });
    const most = Buffer.concat([PIXEL, Buffer.alloc(100_000 - PIXEL.length)]);
    expect(pictureFault(addressOf(most))).toBeNull();
    const wide = Buffer.from(`<?xml version="1.0" encoding="UTF-7"?>${svg('')}`);
    expect(pictureFault(addressOf(wide))?.kind).toBe('picture_broken');
    const spaced = Buffer.from(`<?xml version="1.0" encoding = 'UTF-7'?>${svg('')}`);
    expect(pictureFault(addressOf(spaced))?.kind).toBe('picture_broken');
    const latin = Buffer.from(svg('<title>Rubí</title>'), 'latin1');
    expect(pictureFault(addressOf(latin))?.kind).toBe('picture_broken');
  });

  test.each([
    ['png', png],
    ['jpeg', jpg],
    ['webp', (width: number, height: number) => webp('VP8 ', width, height)],
    ['webp', (width: number, height: number) => webp('VP8L', width, height)],
    ['webp', (width: number, height: number) => webp('VP8X', width, height)],
  ])('has no more pixels than a page shows: %s', (kind, make) => {
    expect(pictureFault(addressOf(make(2_000, 2_000)))).toBeNull();
    for (const picture of [make(2_001, 1), make(1, 2_001)]) {
      expect(pictureFault(addressOf(picture))).toMatchObject({
        ...{ kind: 'picture_wide', values: { max: 2_000 } },
      });
      const address = `data:image/${kind};base64,${picture.toString('base64')}`;
      if (kind === 'webp') continue;
      expect(faultOf(svg(`<image xlink:href="${address}"/>`))).toBe('picture_wide');
      expect(faultOf(svg(`<path style="fill:url(${address})"/>`))).toBe('picture_wide');
    }
    expect(pictureFault(addressOf(make(9, 9).subarray(0, 16)))?.kind).toBe('picture_kind');
  });

  test('is described in few words, never printed whole', () => {
    expect(briefAddress(addressOf(PIXEL))).toMatch(/^image\/png, 0\.1 kB, [0-9a-f]{20}\.png$/);
    expect(briefAddress('https://example.org/logo.svg')).toBe('https://example.org/logo.svg');
  });
});
