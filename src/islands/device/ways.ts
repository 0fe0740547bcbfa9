/** Returns the settings for connections from an address of the server (`…/servers`); those of a browser by itself where it gives none. */
export async function waysFrom(url: string): Promise<RTCConfiguration> {
  try {
    const answer = await fetch(url);
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}
