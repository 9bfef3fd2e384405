/**
 * What a child may know of our environment. An allow-list: API keys live in environment variables, and native engines (and what
 * they print when they crash) have no business with them.
 */
const ALLOWED_NAMES = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'DYLD_FALLBACK_LIBRARY_PATH',
  'DBUS_SESSION_BUS_ADDRESS',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'PARLEY_DATA',
  'ELECTRON_RUN_AS_NODE',
  // Compiled code from the last start.
  'NODE_COMPILE_CACHE',
  // GPU choice of the language model.
  'CUDA_VISIBLE_DEVICES',
  'VK_ICD_FILENAMES',
  // Certificates of the user's own network, for language models behind an address.
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  // Without these Windows finds neither its libraries nor the user's folders.
  'SYSTEMROOT',
  'WINDIR',
  'SYSTEMDRIVE',
  'COMSPEC',
  'PATHEXT',
  'TEMP',
  'TMP',
  'APPDATA',
  'LOCALAPPDATA',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'USERPROFILE',
  'USERNAME',
  'NUMBER_OF_PROCESSORS',
  'PROCESSOR_ARCHITECTURE',
]);
const ALLOWED_PREFIXES = ['XDG_', 'PULSE_', 'PIPEWIRE_', 'ALSA_', 'JACK_', 'LC_'];

/** Names are compared without case, because Windows writes `Path`. */
export function childEnvironment(source: NodeJS.ProcessEnv): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(source)) {
    const upper = name.toUpperCase();
    const allowed = ALLOWED_NAMES.has(upper) || ALLOWED_PREFIXES.some((prefix) => upper.startsWith(prefix));
    if (allowed && value !== undefined) environment[name] = value;
  }
  // onnxruntime reads it once, when its library is loaded.
  environment['ORT_DISABLE_TELEMETRY'] = '1';
  return environment;
}
