/** The messages of MUX, in those of the PCI. */
export const MUX_PETITION = 'http://net.aocat/MUX2/PeticioRegistre';
export const MUX_RESPONSE = 'http://net.aocat/MUX2/RespostaRegistre';
