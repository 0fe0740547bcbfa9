import type { OfficeSettings } from '../../../domain/office/types.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { Item, Letter } from './letter.ts';

/** Names of the letter's colours in the style sheet. Mail programs without style sheets keep the inline light colours. */
const LIGHT = {
  paper: '#fbfaf7',
  surface: '#ffffff',
  ink: '#16202a',
  soft: '#4a5763',
  line: '#d9d6cf',
  glow: '#f2b84b',
};
const DARK = {
  paper: '#14171a',
  surface: '#1c2024',
  ink: '#eef1f3',
  soft: '#a9b4bd',
  line: '#333a41',
};
const FONT =
  "font-family:'Atkinson Hyperlegible Next',-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const esc = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');

type Look = OfficeSettings['look'];
interface Colours {
  accent: string;
  accentInk: string;
}
const COLOUR = /^#[0-9a-f]{3,8}$/i;

/** Returns the office's colour, or the default. Text that is not a colour must not get into a style. */
const shade = (colour: string, otherwise: string) => (COLOUR.test(colour) ? colour : otherwise);

/**
 * Returns the letter as HTML for mail programs: tables for layout, styles on the elements, and one style sheet for the
 * dark scheme, which is optional. It has no picture and no script and loads nothing, so opening it informs no server.
 */
export function htmlOf(letter: Letter, language: Language, look: Look): string {
  const colours = {
    accent: shade(look.accent.light, '#0b5d66'),
    accentInk: shade(look.accentInk.light, '#ffffff'),
  };
  const { card, lists, notes, signature } = letter;
  return `<!doctype html>
<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${esc(letter.subject)}</title>
<style>${darkStyle(look)}</style>
</head>
<body class="paper" style="margin:0;padding:0;background-color:${LIGHT.paper};color:${LIGHT.ink};${FONT};font-size:17px;line-height:1.5">
<div style="display:none;max-height:0;overflow:hidden">${esc(letter.lead)}</div>
<div role="main">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0" class="paper" lang="${language}" style="background-color:${LIGHT.paper}">
<tr><td align="center" style="padding:24px 16px 32px">
<!--[if mso]><table role="presentation" width="560" cellspacing="0" cellpadding="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0" style="max-width:560px;text-align:left">
<tr><td>${header(signature[0] ?? '', card?.isComing ?? false)}</td></tr>
<tr><td class="ink" style="padding:24px 0 16px;color:${LIGHT.ink};${FONT};font-size:17px;line-height:1.5">
<h1 style="margin:0 0 16px;font-size:28px;line-height:1.2;font-weight:700">${esc(letter.title)}</h1>
<p style="margin:0 0 12px">${esc(letter.hello)}</p>
<p style="margin:0 0 20px">${esc(letter.lead)}</p>
${card ? cardHtml(card) : ''}
${lists.map(listHtml).join('\n')}
${letter.button ? buttonHtml(letter.button, colours) : ''}
${notes.map((note) => `<p style="margin:0 0 8px">${esc(note.html)}</p>`).join('\n')}
</td></tr>
<tr><td class="soft line" style="padding-top:16px;border-top:1px solid ${LIGHT.line};color:${LIGHT.soft};${FONT};font-size:15px;line-height:1.5">
${signature.map((line, index) => `<p style="margin:${index === 0 ? '8px' : '0'} 0 4px${index === 0 ? ';font-weight:700' : ''}">${esc(line)}</p>`).join('\n')}
<p style="margin:0">${esc(letter.automatic)}</p>
${letter.stop ? stopHtml(letter.stop) : ''}
</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</div>
</body>
</html>
`;
}

function darkStyle(look: Look): string {
  const accent = shade(look.accent.dark, '#6cc5cf');
  const accentInk = shade(look.accentInk.dark, '#06282c');
  const rules = [
    `.paper{background-color:${DARK.paper}!important}`,
    `.surface{background-color:${DARK.surface}!important}`,
    `body,.ink{color:${DARK.ink}!important}`,
    `.soft{color:${DARK.soft}!important}`,
    `.line{border-color:${DARK.line}!important}`,
    `.button{background-color:${accent}!important;color:${accentInk}!important}`,
  ];
  return `:root{color-scheme:light dark}@media (prefers-color-scheme:dark){${rules.join('')}}`;
}

/** The office’s name beside the logo, a window of four panes. The panes are lit when an agent will serve the citizen. */
function header(name: string, isLit: boolean): string {
  const pane = `<td class="line" width="11" height="11" style="width:11px;height:11px;font-size:0;line-height:0;border:1px solid ${LIGHT.line};${isLit ? `background-color:${LIGHT.glow}` : ''}">&nbsp;</td>`;
  const row = `<tr>${pane}${pane}</tr>`;
  const text = `color:${LIGHT.ink};${FONT};font-size:17px;line-height:1.3;font-weight:700`;
  return `<table role="presentation" cellspacing="0" cellpadding="0" border="0"><tr>
<td style="padding-right:12px" aria-hidden="true"><table role="presentation" cellspacing="2" cellpadding="0" border="0">${row}${row}</table></td>
<td class="ink" style="${text}">${esc(name)}</td>
</tr></table>`;
}

function cardHtml(card: NonNullable<Letter['card']>): string {
  const struck = card.isOff ? ';text-decoration:line-through' : '';
  const rows = card.rows.map(
    ({ label, value, url }) =>
      `<p class="ink" style="margin:10px 0 0;color:${LIGHT.ink};font-size:17px;word-break:break-word"><span class="soft" style="color:${LIGHT.soft};font-size:15px">${esc(label)}</span><br>${url ? linkHtml({ text: value.replaceAll(' ', '\u00a0'), url }) : esc(value)}</p>`,
  );
  return `<table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0" style="margin:0 0 24px"><tr>
<td class="surface line ink" style="padding:20px;background-color:${LIGHT.surface};border:1px solid ${LIGHT.line};border-radius:6px;color:${LIGHT.ink};${FONT}">
<p style="margin:0;font-size:20px;line-height:1.3;font-weight:700${struck}">${esc(capital(card.day))}</p>
<p style="margin:4px 0 8px;font-size:44px;line-height:1.1;font-weight:700${struck}">${esc(card.time)}</p>
<p style="margin:0;font-size:18px;line-height:1.4;font-weight:700">${esc(card.how)}</p>
${rows.join('\n')}
</td></tr></table>`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const listHtml = ({ title, items }: Letter['lists'][number]): string =>
  `<h2 style="margin:0 0 8px;font-size:20px;line-height:1.3;font-weight:700">${esc(title)}</h2>
<ul style="margin:0 0 24px;padding:0 0 0 20px">
${items.map((item) => `<li style="margin:0 0 6px">${itemHtml(item)}</li>`).join('\n')}
</ul>`;

const itemHtml = (item: Item): string => (typeof item === 'string' ? esc(item) : linkHtml(item));

const linkHtml = ({ text, url }: { text: string; url: string }): string =>
  `<a class="ink" href="${esc(url)}" style="color:${LIGHT.ink};text-decoration:underline">${esc(text)}</a>`;

/** Less prominent than the button, and large enough for a finger. */
const stopHtml = ({ text, url }: NonNullable<Letter['stop']>): string =>
  `<p style="margin:4px 0 0"><a class="soft" href="${esc(url)}" style="display:inline-block;padding:11px 0;color:${LIGHT.soft};text-decoration:underline">${esc(text)}</a></p>`;

/** Outlook for Windows supports no padding on links, so the cell has the colour and the link the size. */
const buttonHtml = ({ text, url }: NonNullable<Letter['button']>, colours: Colours): string =>
  `<table role="presentation" cellspacing="0" cellpadding="0" border="0" style="margin:0 0 20px"><tr>
<td class="button" style="background-color:${colours.accent};border-radius:6px;text-align:center;mso-padding-alt:13px 24px"><a class="button" href="${esc(url)}" style="display:inline-block;padding:13px 24px;border-radius:6px;background-color:${colours.accent};color:${colours.accentInk};${FONT};font-size:18px;line-height:1.3;font-weight:700;text-decoration:none">${esc(text)}</a></td>
</tr></table>`;
