import { join, posix, win32 } from 'node:path';

/** Where Parley keeps its things, per user. All absolute. */
export interface ParleyPaths {
  /** Models, records, logs and run-time files. */
  dataDir: string;
  configDir: string;
  cacheDir: string;
  settingsFile: string;
  modelsDir: string;
  logFile: string;
  /** Keys of hosted models, encrypted. */
  keysFile: string;
  /** Files that mean something only while the program runs. */
  runDir: string;
}

/** Where comparisons of architectures are kept, one folder each. */
export function evaluationsFolder({ dataDir }: Pick<ParleyPaths, 'dataDir'>): string {
  return join(dataDir, 'evaluations');
}

export interface PathsOptions {
  platform: NodeJS.Platform;
  env: Record<string, string | undefined>;
  homeDir: string;
  /** Overrides PARLEY_DATA and the platform's custom. */
  dataDir?: string | undefined;
  /** What a relative `dataDir` or PARLEY_DATA is relative to. */
  workingDir: string;
}

/**
 * The directories of the platform's custom (XDG on Linux, Library on macOS, AppData on Windows). With a `dataDir` or
 * PARLEY_DATA everything lies below that one, so that a second, separate Parley leaves no trace elsewhere. Creates nothing.
 */
export function resolvePaths(options: PathsOptions): ParleyPaths {
  const path = options.platform === 'win32' ? win32 : posix;
  const override = options.dataDir || options.env.PARLEY_DATA;
  const { dataDir, configDir, cacheDir } = override
    ? below(path.resolve(options.workingDir, override), path)
    : customary(options, path);
  return {
    dataDir,
    configDir,
    cacheDir,
    settingsFile: path.join(configDir, 'settings.json'),
    modelsDir: path.join(dataDir, 'models'),
    logFile: path.join(dataDir, 'logs', 'parley.log'),
    keysFile: path.join(dataDir, 'keys.json'),
    runDir: path.join(dataDir, 'run'),
  };
}

type Directories = Pick<ParleyPaths, 'dataDir' | 'configDir' | 'cacheDir'>;

function below(dataDir: string, path: typeof posix): Directories {
  return { dataDir, configDir: dataDir, cacheDir: path.join(dataDir, 'cache') };
}

function customary({ platform, env, homeDir }: PathsOptions, path: typeof posix): Directories {
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA || path.join(homeDir, 'AppData', 'Local');
    const roaming = env.APPDATA || path.join(homeDir, 'AppData', 'Roaming');
    return {
      dataDir: path.join(local, 'Parley'),
      configDir: path.join(roaming, 'Parley'),
      cacheDir: path.join(local, 'Parley', 'Cache'),
    };
  }
  if (platform === 'darwin') {
    const support = path.join(homeDir, 'Library', 'Application Support', 'Parley');
    return { dataDir: support, configDir: support, cacheDir: path.join(homeDir, 'Library', 'Caches', 'Parley') };
  }
  const xdg = (variable: string, ...fallback: string[]): string => {
    const value = env[variable];
    // The XDG specification: relative paths are invalid and to be ignored.
    const base = value && path.isAbsolute(value) ? value : path.join(homeDir, ...fallback);
    return path.join(base, 'parley');
  };
  return {
    dataDir: xdg('XDG_DATA_HOME', '.local', 'share'),
    configDir: xdg('XDG_CONFIG_HOME', '.config'),
    cacheDir: xdg('XDG_CACHE_HOME', '.cache'),
  };
}
