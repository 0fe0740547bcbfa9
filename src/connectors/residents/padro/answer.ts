import { nifIn, type PersonId, plainIdentifier } from '../../../domain/identity.ts';
import type { Extent, Found, Resident } from '../../../domain/residence/resident.ts';
import { allOf, childrenNamed, isNamed } from '../../../lib/xml/xml.ts';
import { codeFrom, elementsOf, NotAnswered, reading, textIn } from '../../pci/answer.ts';
import { addressIn } from './address.ts';
import { ANSWERS, PADRO } from './message.ts';

/** A household has some tens of people at most, each with some ten elements. */
const MOST_ELEMENTS = 5000;

/** The certificate in an answer (`VolanteEmpadronamiento.xsd`, `VolanteConvivencia.xsd`). */
const SHEET = 'http://www.red.es/padron';

/** What was asked, and by whom. */
export interface AskedPadro {
  id: PersonId;
  extent: Extent;
  /** The name of the town that asks. */
  town: string;
  /** Its province and municipality at the INE, in five digits. */
  ine5: string;
  /** Whether the register answers nothing of people whose address nobody may know. */
  leavesOutProtected: boolean;
}

/** Returns what an answer of PADRO has of whoever was asked for. @throws NotAnswered */
export const foundIn = (xml: string, asked: AskedPadro): Found =>
  reading(() => {
    const all = elementsOf(xml, MOST_ELEMENTS);
    const answer = all.find((each) => isNamed(each, PADRO, ANSWERS[asked.extent]));
    if (!answer) throw new NotAnswered('unclear', 'no_answer');
    const result = textIn(answer, 'codigoResultado') ?? '';
    if (result === NOBODY) return { kind: 'unknown' };
    if (result === FAILED) throw new NotAnswered('away', 'padro_3');
    if (result !== THERE) throw new NotAnswered('refused', `padro_${codeFrom(result)}`);
    const sheet = allOf(answer).find((each) =>
      isNamed(each, SHEET, 'VolanteEmpadronamientoDatosFirmados'),
    );
    if (!sheet) throw new NotAnswered('unclear', 'no_sheet');
    return sheetOf(sheet, asked);
  });

/** The results of a look: there, nobody, an error; 4 is a town that doesn't take part. */
const THERE = '1';
const NOBODY = '2';
const FAILED = '3';

function sheetOf(sheet: Element, asked: AskedPadro): Found {
  const [own] = childrenNamed(sheet, SHEET, 'DatosPersonales');
  const asOf = dayIn(textIn(sheet, 'FechaExpedicion'));
  if (!own || !asOf) throw new NotAnswered('unclear', 'no_data');
  // An answer about somebody else is none.
  if (plainIdentifier(textIn(own, 'Documentacion') ?? '') !== asked.id.identifier)
    throw new NotAnswered('unclear', 'other_person');
  const [where] = childrenNamed(sheet, SHEET, 'DireccionEmpadronamiento');
  const address = addressIn(where, asked);
  const one = (of: Element): Resident => ({ ...personIn(of), ...address });
  const resident = { ...one(own), id: asked.id };
  const others = childrenNamed(sheet, SHEET, 'DatosPersonalesAcompanante').map(one);
  if (asked.extent === 'household' && others.length !== Number(textIn(sheet, 'NumeroAcompanantes')))
    throw new NotAnswered('unclear', 'other_number');
  return {
    kind: 'found',
    registered: {
      resident,
      household: [resident, ...others],
      asOf,
      tellsProtected: asked.leavesOutProtected,
    },
  };
}

/**
 * Returns somebody without their address. The register tells since when they are in it, not at this address; and nothing of whether it is
 * protected.
 */
function personIn(of: Element): Omit<Resident, 'address' | 'place'> {
  const text = (name: string) => textIn(of, name) ?? '';
  const family = [
    text('ParticulaPrimerApellido'),
    text('PrimerApellido'),
    text('ParticulaSegundoApellido'),
    text('SegundoApellido'),
  ];
  return {
    id: nifIn(text('Documentacion')),
    given: text('Nombre'),
    family: family.filter(Boolean).join(' '),
    born: dayIn(text('FechaNacimiento')),
    dwelling: '',
    since: null,
    isProtected: false,
  };
}

/** Returns a day that is written as 19480302; null: there is none. */
function dayIn(text: string | null): Temporal.PlainDate | null {
  if (!/^\d{8}$/.test(text ?? '')) return null;
  try {
    return Temporal.PlainDate.from(text ?? '');
  } catch {
    return null;
  }
}
