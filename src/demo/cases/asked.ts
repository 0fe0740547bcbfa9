/** How far a case goes, if there is time for it before the present. */
export type Ends =
  | 'draft'
  | 'received'
  | 'review'
  | 'asked'
  | 'amended'
  | 'report'
  | 'granted'
  | 'refused';

/** What somebody asks for by the general application. */
export interface Asked {
  /** How many days ago it was handed in. */
  ago: number;
  title: string;
  states: string;
  asks: string;
  ends: Ends;
  /** Whether it is the citizen as whom one comes in. */
  isRosas?: boolean;
}

const of = (ago: number, ends: Ends, title: string, states: string, asks: string): Asked => ({
  ago,
  title,
  states,
  asks,
  ends,
});

/** What people asked for, and how long ago. Each goes on by itself until the present: what is recent is still open. */
export const ASKED: readonly Asked[] = [
  of(
    78,
    'granted',
    'Canvi de nom del rebut d’escombraries',
    'He comprat el pis fa dos mesos i el rebut encara surt a nom de l’anterior propietari.',
    'Que el rebut vagi al meu nom.',
  ),
  of(
    75,
    'granted',
    'Reserva d’aparcament per una mudança',
    'El dia 3 faig una mudança i el camió no hi cap.',
    'Que em reserveu vuit metres davant de casa.',
  ),
  of(
    71,
    'refused',
    'Permís per tallar un arbre del carrer',
    'Les arrels del plàtan m’aixequen la vorera.',
    'Que el talleu o em deixeu tallar-lo.',
  ),
  {
    ...of(
      68,
      'granted',
      'Còpia de la llicència d’obres del 1998',
      'Vull vendre la casa i la notaria em demana la llicència.',
      'Una còpia de la llicència.',
    ),
    isRosas: true,
  },
  of(
    66,
    'granted',
    'Bonificació de la deixalleria',
    'He portat trastos sis vegades aquest any.',
    'Que m’apliqueu el descompte a la taxa.',
  ),
  of(
    63,
    'granted',
    'Ús de la sala d’actes per a l’associació',
    'L’associació de veïns fa l’assemblea anual.',
    'La sala d’actes el dissabte a la tarda.',
  ),
  of(
    61,
    'refused',
    'Devolució de la taxa de la grua',
    'Em van retirar el cotxe i el gual no es veia.',
    'Que em torneu els 112 euros.',
  ),
  of(
    57,
    'granted',
    'Senyal de gual per al garatge nou',
    'Hem acabat les obres del garatge.',
    'La placa i la pintura del gual.',
  ),
  of(
    54,
    'granted',
    'Fraccionament del pagament de l’IBI',
    'Estic a l’atur des del maig.',
    'Pagar-lo en quatre terminis.',
  ),
  of(
    52,
    'granted',
    'Informe per reagrupament familiar',
    'Vull portar la meva filla.',
    'L’informe de l’habitatge.',
  ),
  of(
    49,
    'refused',
    'Ampliació de l’horari de la terrassa',
    'A l’estiu la gent vol seure fins més tard.',
    'Tancar a la una els divendres i dissabtes.',
  ),
  of(
    47,
    'granted',
    'Targeta d’aparcament de resident',
    'M’he canviat de cotxe.',
    'La targeta per a la matrícula nova.',
  ),
  of(
    44,
    'granted',
    'Neteja d’un solar del costat',
    'El solar és ple d’herba i hi ha rates.',
    'Que obligueu el propietari a netejar-lo.',
  ),
  of(
    42,
    'granted',
    'Alta d’una activitat de costura a casa',
    'Vull fer arranjaments de roba des de casa.',
    'Saber què em cal i donar-la d’alta.',
  ),
  of(
    40,
    'granted',
    'Canvi d’adreça de les notificacions',
    'M’he mudat dins del poble.',
    'Que em notifiqueu a l’adreça nova.',
  ),
  of(
    37,
    'granted',
    'Ajut per al menjador escolar',
    'Som família nombrosa i he perdut la feina.',
    'L’ajut per als tres fills.',
  ),
  of(
    35,
    'refused',
    'Reclamació d’una multa de trànsit',
    'El semàfor estava espatllat.',
    'Que anul·leu la multa.',
  ),
  of(
    33,
    'granted',
    'Instal·lar un banc davant del CAP',
    'La gent gran espera dreta.',
    'Un banc amb respatller.',
  ),
  of(
    31,
    'report',
    'Tancar una terrassa amb vidres',
    'Vull tancar la terrassa del tercer pis.',
    'Saber si puc i la llicència.',
  ),
  of(
    29,
    'granted',
    'Certificat de distància al mercat',
    'Em cal per a una parada.',
    'El certificat.',
  ),
  of(
    27,
    'granted',
    'Hort municipal vacant',
    'Fa dos anys que soc a la llista.',
    'Un dels horts que han quedat lliures.',
  ),
  of(
    25,
    'report',
    'Pas elevat davant de l’escola',
    'Els cotxes passen massa ràpid.',
    'Un pas de vianants elevat.',
  ),
  of(23, 'granted', 'Placa de gual perduda', 'Me l’han robada.', 'Una placa nova.'),
  of(
    20,
    'asked',
    'Ocupar la vorera amb una bastida',
    'Pintem la façana al gener.',
    'Permís per a tres setmanes.',
  ),
  of(
    18,
    'amended',
    'Festa de carrer al Carrer Nou',
    'Els veïns fem un sopar.',
    'Tallar el carrer el dissabte de les set a les dotze.',
  ),
  of(
    17,
    'report',
    'Soroll d’un aire condicionat',
    'El local de sota el té encès tota la nit.',
    'Que en mesureu el soroll.',
  ),
  of(
    15,
    'review',
    'Quiosc de castanyes',
    'Volem fer la castanyada solidària.',
    'Permís a la plaça Major.',
  ),
  {
    ...of(
      13,
      'asked',
      'Arranjament de la barana de l’escala pública',
      'La barana del carreró de darrere de casa balla.',
      'Que l’arregleu abans que algú caigui.',
    ),
    isRosas: true,
  },
  of(12, 'review', 'Descompte de la piscina', 'Tinc un 34 % de discapacitat.', 'El preu reduït.'),
  of(
    11,
    'amended',
    'Rebut d’aigua massa alt',
    'He tingut una fuita que ja és reparada.',
    'Que reviseu el rebut.',
  ),
  of(
    9,
    'asked',
    'Canvi de titular d’un nínxol',
    'El meu pare ha mort.',
    'Que el nínxol passi al meu nom.',
  ),
  of(
    8,
    'review',
    'Contenidor davant del portal',
    'Fa pudor i no deixa passar la cadira.',
    'Que el moveu.',
  ),
  of(6, 'asked', 'Xerrada a l’institut', 'Som una entitat de salut.', 'L’aula del segon pis.'),
  {
    ...of(
      5,
      'review',
      'Reserva d’espai per a un sopar de veïns',
      'Som vint veïnes i ja ho vam fer l’any passat.',
      'Les taules i cadires de l’Ajuntament.',
    ),
    isRosas: true,
  },
  of(
    4,
    'received',
    'Rètol de la farmàcia',
    'Canviem el rètol lluminós.',
    'Saber si cal llicència.',
  ),
  of(
    3,
    'received',
    'Foto antiga per a un llibre',
    'Escric sobre la fàbrica.',
    'Consultar l’arxiu.',
  ),
  of(
    2,
    'received',
    'Escocell sense arbre',
    'Fa un any que van treure l’arbre.',
    'Que n’hi planteu un altre.',
  ),
  of(1, 'received', 'Mirall al revolt de la carretera', 'No es veu qui ve.', 'Un mirall.'),
  {
    ...of(
      4,
      'draft',
      'Ajut per canviar la caldera',
      'La caldera té vint anys.',
      'Saber si hi ha ajuts.',
    ),
    isRosas: true,
  },
  of(3, 'draft', 'Llum a l’entrada del parc', 'De nit no s’hi veu.', 'Un fanal.'),
];
