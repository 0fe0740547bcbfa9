/** How a photo's rows and columns stand to what was seen, by Exif's numbers (Exif 3.0, 4.6.5: Orientation). */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** A photo that can be a page as it is: nothing of it is decoded. */
export interface Photo {
  /** Pixels, as they are stored. */
  width: number;
  height: number;
  orientation: Orientation;
  /** What a PDF says of its pixels beside its size: filter, colours, bits. */
  says: string;
  /** What stands in the PDF, in parts that follow each other. */
  data: readonly Uint8Array[];
}
