import type { AudioDevice } from '../contract/state.ts';
import type { NativeDevice, NativePortAudio } from './portaudio-native.ts';

/** A device as the app knows it, with what is needed to open it in this process. */
export interface ListedDevice extends AudioDevice {
  /** Number in this process's PortAudio; changes from process to process. */
  nativeId: number;
}

/** What PortAudio says, as plain data. */
export interface DeviceListing {
  devices: NativeDevice[];
  /** Numbers of the system's usual devices; a number that no device has means that there is none. */
  defaultInput: number | undefined;
  defaultOutput: number | undefined;
}

/** Fresh only while this process has no stream open (see portaudio-native.ts). Takes some 100 ms. */
export function readDevices(native: NativePortAudio): DeviceListing {
  const devices = native.getDevices();
  const apis = native.getHostAPIs();
  const usual = apis.HostAPIs[apis.defaultHostAPI];
  return { devices, defaultInput: usual?.defaultInput, defaultOutput: usual?.defaultOutput };
}

/** Microphones and loudspeakers; a device that is both is listed twice. */
export function describeDevices(listing: DeviceListing): ListedDevice[] {
  const { devices, defaultInput, defaultOutput } = listing;
  return [...ofKind(devices, 'input', defaultInput), ...ofKind(devices, 'output', defaultOutput)];
}

function ofKind(
  devices: NativeDevice[],
  kind: 'input' | 'output',
  defaultNativeId: number | undefined,
): ListedDevice[] {
  const seen = new Map<string, number>();
  const listed: ListedDevice[] = [];
  for (const device of devices) {
    const channels = kind === 'input' ? device.maxInputChannels : device.maxOutputChannels;
    if (channels < 1) continue;
    // Stable from listing to listing; two devices of one name are told apart by their order.
    const base = `${kind}:${device.hostAPIName}:${device.name}`;
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    listed.push({
      id: count === 1 ? base : `${base}#${count}`,
      name: device.name,
      kind,
      hostApi: device.hostAPIName,
      defaultSampleRateHz: device.defaultSampleRate,
      channels,
      isDefault: device.id === defaultNativeId,
      nativeId: device.id,
    });
  }
  return listed;
}

/** The device of that id, or for null the system's default, or the first when the system names none. */
export function findDevice(
  devices: ListedDevice[],
  kind: 'input' | 'output',
  id: string | null,
): ListedDevice | undefined {
  const candidates = devices.filter((device) => device.kind === kind);
  if (id !== null) return candidates.find((device) => device.id === id);
  return candidates.find((device) => device.isDefault) ?? candidates[0];
}

const PREFERRED_RATE_HZ = 48_000;

/**
 * Rates to try. ALSA's own default is 44.1 kHz for every device that can do it, while sound servers and hardware run at 48 kHz:
 * asking for that saves a conversion. Elsewhere only the device's own rate is sure to be taken.
 */
export function ratesToTry(device: AudioDevice): number[] {
  const own = device.defaultSampleRateHz;
  const rates = device.hostApi === 'ALSA' ? [PREFERRED_RATE_HZ, own] : [own, PREFERRED_RATE_HZ];
  return [...new Set([...rates, 44_100])];
}

/** Channel counts to try: one microphone channel is enough, loudspeakers are mostly two. */
export function channelsToTry(device: AudioDevice): number[] {
  const wanted = device.kind === 'input' ? [1, 2, device.channels] : [2, 1, device.channels];
  return [...new Set(wanted.filter((count) => count <= device.channels))];
}
