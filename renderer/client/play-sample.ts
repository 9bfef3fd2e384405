/** Plays a short sound in this window: mono, 16 bit, little-endian, base64. */
export function playPcm16({ pcm16, sampleRateHz }: { pcm16: string; sampleRateHz: number }): void {
  const bytes = Uint8Array.from(atob(pcm16), (char) => char.charCodeAt(0));
  const samples = new DataView(bytes.buffer);
  const count = Math.floor(bytes.length / 2);
  if (count === 0) return;
  const context = new AudioContext();
  const buffer = context.createBuffer(1, count, sampleRateHz);
  const channel = buffer.getChannelData(0);
  for (let i = 0; i < count; i++) channel[i] = samples.getInt16(2 * i, true) / 32_768;
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(context.destination);
  source.onended = () => void context.close();
  source.start();
}
