/**
 * The locks of PDFs that `qpdf --encrypt PASSWORD owner BITS` made (12.2.0), once with the empty password and once with `user`: every
 * revision of the standard handler. They are from real files, and ClamAV agreed on each.
 */
export const LOCKED_PDFS: readonly {
  how: string;
  /** Whether the file opens without a password. */
  opens: boolean;
  dictionary: string;
  id: string;
}[] = [
  {
    how: 'RC4 of 40 bits',
    opens: true,
    dictionary:
      '<< /Filter /Standard /Length 40 /O <c92422687facee686e373f10b5c7d04738053152f7e2ee30e11c69ec442576ab> /P -4 /R 2 /U <9ba14be6770f443eb0acd2885b2ce2b2544c5b5bde1b886fe0a12a1d2201116b> /V 1 >>',
    id: '<55f6779e093f28a50c31a1e35c8afc94>',
  },
  {
    how: 'RC4 of 40 bits',
    opens: false,
    dictionary:
      '<< /Filter /Standard /Length 40 /O <94e8094419662a774442fb072e3d9f19e9d130ec09a4d0061e78fe920f7ab62f> /P -4 /R 2 /U <8abbf7d1d0772d2db34dd5d26a402416bdacf19c62ad95372b5f85478b7bb40b> /V 1 >>',
    id: '<55f6779e093f28a50c31a1e35c8afc94>',
  },
  {
    how: 'RC4 of 128 bits',
    opens: true,
    dictionary:
      '<< /Filter /Standard /Length 128 /O <566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5> /P -4 /R 3 /U <3125c095584deaf07858ea7df886d5d80122456a91bae5134273a6db134c87c4> /V 2 >>',
    id: '<55f6779e093f28a50c31a1e35c8afc94>',
  },
  {
    how: 'RC4 of 128 bits',
    opens: false,
    dictionary:
      '<< /Filter /Standard /Length 128 /O <0ba3835f88f90388e74e54584125ce142be0de24c6b0d37746e075b891756671> /P -4 /R 3 /U <a0a9629d615c2185f62f3e4b3c18e4d70122456a91bae5134273a6db134c87c4> /V 2 >>',
    id: '<55f6779e093f28a50c31a1e35c8afc94>',
  },
  {
    how: 'AES of 128 bits',
    opens: true,
    dictionary:
      '<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV2 /Length 16 >> >> /Filter /Standard /Length 128 /O <566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5> /P -4 /R 4 /StmF /StdCF /StrF /StdCF /U <3125c095584deaf07858ea7df886d5d80122456a91bae5134273a6db134c87c4> /V 4 >>',
    id: '<55f6779e093f28a50c31a1e35c8afc94>',
  },
  {
    how: 'AES of 128 bits',
    opens: false,
    dictionary:
      '<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV2 /Length 16 >> >> /Filter /Standard /Length 128 /O <0ba3835f88f90388e74e54584125ce142be0de24c6b0d37746e075b891756671> /P -4 /R 4 /StmF /StdCF /StrF /StdCF /U <a0a9629d615c2185f62f3e4b3c18e4d70122456a91bae5134273a6db134c87c4> /V 4 >>',
    id: '<55f6779e093f28a50c31a1e35c8afc94>',
  },
  {
    how: 'AES of 128 bits, metadata in clear',
    opens: true,
    dictionary:
      '<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV2 /Length 16 >> >> /EncryptMetadata false /Filter /Standard /Length 128 /O <566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5> /P -4 /R 4 /StmF /StdCF /StrF /StdCF /U <dc8851288993a714ec1425a15f0c646e0122456a91bae5134273a6db134c87c4> /V 4 >>',
    id: '<55f6779e093f28a50c31a1e35c8afc94>',
  },
  {
    how: 'AES of 128 bits, metadata in clear',
    opens: false,
    dictionary:
      '<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV2 /Length 16 >> >> /EncryptMetadata false /Filter /Standard /Length 128 /O <0ba3835f88f90388e74e54584125ce142be0de24c6b0d37746e075b891756671> /P -4 /R 4 /StmF /StdCF /StrF /StdCF /U <03d03ea7923134c43373bf84f2774eeb0122456a91bae5134273a6db134c87c4> /V 4 >>',
    id: '<55f6779e093f28a50c31a1e35c8afc94>',
  },
  {
    how: 'AES of 256 bits, as Acrobat 9',
    opens: true,
    dictionary:
      '<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <b126ca8bef171b3fba6e115f1bbc90213190381ca5e29fc14c6aa8d4e2dd9bf318e0fbb8240e839ec83823b8cede42d8> /P -4 /R 5 /StmF /StdCF /StrF /StdCF /U <c9ae62654267699c0946442d010143a5e67a60bd05cb07d33af4be27a798e0e860a7c80187bcd7bff14170c6999b7077> /V 5 >>',
    id: '<55f6779e093f28a50c31a1e35c8afc94>',
  },
  {
    how: 'AES of 256 bits, as Acrobat 9',
    opens: false,
    dictionary:
      '<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <3285750a61f701727053ab988368ad1fe14803406b89459d5c7f555011f4f44dae11187367df44833b175bb40b471d2c> /P -4 /R 5 /StmF /StdCF /StrF /StdCF /U <138f677d55248a58c1b2602a7df84f8206b2f7984dda91a6fc1537e70eb6eaa80c282abc2d5ca197dab41713ecda06ef> /V 5 >>',
    id: '<55f6779e093f28a50c31a1e35c8afc94>',
  },
  {
    how: 'AES of 256 bits',
    opens: true,
    dictionary:
      '<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <ed9020bd51cb26296f0452674a5d23c2c522fcc770038aeace5f87b2f196df62778f49dfe2717eb08cbc21c38cac54c6> /P -4 /R 6 /StmF /StdCF /StrF /StdCF /U <3f82dc90a2ffacbcc168e734a2d13cb2f8f73bdd78a3a47cfdb35c69bade9829716c91fdc925ad4d7a7efce21257ef08> /V 5 >>',
    id: '<55f6779e093f28a50c31a1e35c8afc94>',
  },
  {
    how: 'AES of 256 bits',
    opens: false,
    dictionary:
      '<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <eda26a16bef7e538adb55f42fc7b3f8676c39c909b6de3526aba1ab007ade2c0a0a0859c46a1957add8d81acb63642f3> /P -4 /R 6 /StmF /StdCF /StrF /StdCF /U <0fe07cec4eac1692e231e47a725ae8a3a2c5568be24aeb373664fefb01b5485a7d823909e644401d8797e81f703e5e6c> /V 5 >>',
    id: '<55f6779e093f28a50c31a1e35c8afc94>',
  },
];
