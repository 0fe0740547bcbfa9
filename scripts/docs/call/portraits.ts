/** What the cameras of a pictured call show: drawings, since nobody's face belongs in the documents. Each is as large as a camera's picture. */

const WIDTH = 1280;
const HEIGHT = 720;

const drawing = (background: string, person: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">${background}${person}</svg>`;

/** A living room: a window with a plant on its sill, and an old woman with white hair and glasses. */
export const AT_HOME = drawing(
  `<rect width="1280" height="720" fill="#efe3d3"/>
  <rect x="90" y="60" width="300" height="330" rx="6" fill="#fffaf2"/>
  <path d="M106 76h126v142H106zM248 76h126v142H248zM106 232h126v142H106zM248 232h126v142H248z" fill="#bfdbe8"/>
  <path d="M70 390h340v22H70z" fill="#c8a27c"/>
  <path d="M150 320h70l-10 70h-50z" fill="#b3623f"/>
  <path d="M185 322c-60-30-58-92-48-104 30 12 44 44 48 76 4-40 22-70 52-82 12 30-6 84-52 110z" fill="#4f7f52"/>
  <rect x="930" y="90" width="230" height="180" rx="4" fill="#c8a27c"/>
  <rect x="946" y="106" width="198" height="148" fill="#f6efe4"/>
  <path d="M946 254l60-74 44 46 38-34 56 62z" fill="#8fae8b"/><circle cx="1090" cy="146" r="18" fill="#e6b65c"/>`,
  `<path d="M330 720c6-150 90-222 200-240h220c110 18 194 90 200 240z" fill="#5b6f9a"/>
  <path d="M560 480h160l-80 104z" fill="#f4efe6"/>
  <path d="M572 408h136v78c-12 36-44 52-68 52s-56-16-68-52z" fill="#d8a487"/>
  <path d="M446 300c-30-150 70-226 194-226s224 76 194 226c-6 62-26 102-54 118H500c-28-16-48-56-54-118z" fill="#e9e7e3"/>
  <path d="M500 290c0-104 60-152 140-152s140 48 140 152c0 106-62 178-140 178s-140-72-140-178z" fill="#e6b697"/>
  <path d="M492 276c20-84 84-118 146-130-10 34 60 84 148 82 6 14 8 32 2 50 26-92-28-166-148-170-122-2-176 84-148 168z" fill="#f4f2ef"/>
  <g fill="none" stroke="#6a4a3c" stroke-width="7"><rect x="530" y="278" width="88" height="62" rx="28"/><rect x="662" y="278" width="88" height="62" rx="28"/><path d="M618 300q22-14 44 0"/></g>
  <circle cx="574" cy="310" r="9" fill="#40312b"/><circle cx="706" cy="310" r="9" fill="#40312b"/>
  <path d="M640 318c-8 26-16 40-4 48h14" fill="none" stroke="#c98f70" stroke-width="7" stroke-linecap="round"/>
  <path d="M584 402q56 44 112 0-56 22-112 0z" fill="#a8493f" stroke="#a8493f" stroke-width="6" stroke-linejoin="round"/>
  <circle cx="538" cy="372" r="22" fill="#e09f83" opacity=".6"/><circle cx="742" cy="372" r="22" fill="#e09f83" opacity=".6"/>`,
);

/** An office: shelves with folders, and a young woman with dark hair and a headset. */
export const AT_THE_DESK = drawing(
  `<rect width="1280" height="720" fill="#dfe6e6"/>
  <path d="M0 150h380v16H0zM0 350h380v16H0zM930 150h350v16H930zM930 350h350v16H930z" fill="#9a7b58"/>
  <path d="M30 50h44v100H30zM140 62h40v88h-40zM236 50h48v100h-48zM90 250h44v100H90zM206 262h46v88h-46z" fill="#2f6f73"/>
  <path d="M80 58h52v92H80zM188 54h40v96h-40zM30 258h52v92H30zM142 250h56v100h-56z" fill="#d9a441"/>
  <path d="M970 54h46v96h-46zM1092 60h44v90h-44zM960 252h52v98h-52zM1150 256h46v94h-46z" fill="#b3623f"/>
  <path d="M1024 58h60v92h-60zM1146 52h52v98h-52zM1020 258h50v92h-50zM1080 250h60v100h-60z" fill="#55678f"/>`,
  `<path d="M320 720c6-146 96-214 208-232h224c112 18 202 86 208 232z" fill="#2c3f57"/>
  <path d="M566 486h148l-74 92z" fill="#fbfaf7"/>
  <path d="M452 620c-40-120-42-330 8-424 40-76 110-110 180-110s140 34 180 110c50 94 48 304 8 424-60-40-90-120-90-210H542c0 90-30 170-90 210z" fill="#33241f"/>
  <path d="M576 410h128v86c-12 34-42 50-64 50s-52-16-64-50z" fill="#b97f5f"/>
  <path d="M506 290c0-108 58-158 134-158s134 50 134 158c0 104-60 176-134 176s-134-72-134-176z" fill="#cf9672"/>
  <path d="M496 306c-8-120 60-184 146-184s152 64 142 184c-14-66-60-98-100-120-40 48-120 50-188 120z" fill="#3d2b25"/>
  <path d="M548 268q26-16 52-4M680 264q26-12 52 4" fill="none" stroke="#33241f" stroke-width="8" stroke-linecap="round"/>
  <circle cx="576" cy="304" r="10" fill="#2b1d18"/><circle cx="704" cy="304" r="10" fill="#2b1d18"/>
  <path d="M640 316c-6 24-14 36-4 44h12" fill="none" stroke="#a96f50" stroke-width="7" stroke-linecap="round"/>
  <path d="M588 398q52 42 104 0-52 12-104 0z" fill="#fff" stroke="#95443b" stroke-width="7" stroke-linejoin="round"/>
  <path d="M488 316C470 150 560 92 640 92s170 58 152 224" fill="none" stroke="#1d2329" stroke-width="14"/>
  <rect x="470" y="276" width="44" height="92" rx="20" fill="#1d2329"/><rect x="766" y="276" width="44" height="92" rx="20" fill="#1d2329"/>
  <path d="M490 366c6 60 50 84 96 84" fill="none" stroke="#1d2329" stroke-width="9"/><rect x="574" y="438" width="40" height="22" rx="11" fill="#1d2329"/>`,
);
