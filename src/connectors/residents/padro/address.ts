import { textIn } from '../../pci/answer.ts';

/** What tells whose register it is. */
interface Town {
  town: string;
  ine5: string;
}

/** An address in lines, as certificates have it. */
interface Lines {
  /** Street, number, floor and door in one line; empty: the register has none, or it is of another town. */
  address: string;
  place: string;
}

/** Returns an address of the register in lines. The register writes kinds of ways in codes of its own, which stay as they are. */
export function addressIn(of: Element | undefined, { town, ine5 }: Town): Lines {
  const none = { address: '', place: '' };
  if (!of) return none;
  const inside = (name: string) => textIn(of, name) ?? deepIn(of, name);
  const place = `${inside('CodigoProvincia').padStart(2, '0')}${inside('CodigoMunicipio').padStart(3, '0')}`;
  if (place !== ine5) return none;
  const way = [inside('TipoVia'), inside('NombreVia')].filter(Boolean).join(' ');
  const street = inside('NombreVia') === '' ? inside('Pseudovia') : way;
  if (street === '') return none;
  const parts = [street, numberIn(inside), withinIn(inside)].filter((part) => part !== '');
  return { address: parts.join(', '), place: `${inside('CodigoPostal')} ${town}` };
}

type Inside = (name: string) => string;

/** Returns the number of a street: 12, 12A, 4-6, km 3,5; `s/n`: it has none. */
function numberIn(inside: Inside): string {
  const one = (number: string, mark: string) =>
    inside(number) === '' ? '' : `${plain(inside(number))}${inside(mark)}`;
  const numbers = [
    one('Numero', 'CalificadorNumero'),
    one('NumeroSuperior', 'CalificadorNumeroSuperior'),
  ].filter(Boolean);
  if (numbers.length > 0) return numbers.join('-');
  const km = plain(inside('Kilometro'));
  return km === '' ? 's/n' : `km ${km},${inside('Hectometro') || '0'}`;
}

/** Returns where within a building: block, entrance, staircase, floor and door, without the zeros before them. */
const withinIn = (inside: Inside): string =>
  ['Bloque', 'Portal', 'Escalera', 'Planta', 'Puerta']
    .map((name) => plain(inside(name)))
    .filter(Boolean)
    .join(' ');

/** Returns a number without the zeros before it; other text as it is. */
const plain = (text: string): string => text.replace(/^0+(?=\d)/, '').replace(/^0$/, '');

/** Returns the text of an element anywhere in another; empty: there is none. */
function deepIn(of: Element, name: string): string {
  const [found] = Array.from(of.getElementsByTagNameNS('*', name));
  return found?.textContent?.trim() ?? '';
}
