/** What a browser gave after it had asked; where it is wanted no more it is let go, so that no camera stays lit. */
export function ifWanted(stream: MediaStream | null, isWanted: boolean): MediaStream | null {
  if (isWanted) return stream;
  for (const track of stream?.getTracks() ?? []) track.stop();
  return null;
}
