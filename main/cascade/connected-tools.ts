/** What people ask for that only a tool of the user's can do. */
export type ToolKind = 'weather' | 'news' | 'web' | 'music' | 'phone' | 'home';

const NAMES: Record<ToolKind, RegExp> = {
  weather: /weather|forecast|meteo/i,
  news: /news|headline/i,
  web: /web|search|browse|fetch|internet/i,
  music: /music|spotify|playback|player/i,
  phone: /phone|sms|whatsapp|signal|call|mail|message/i,
  home: /home|light|hue|thermostat|matter/i,
};

/**
 * Whether one of the tools is of that kind, by its name. A wrong guess costs a call of the model, which then says that it cannot; the other way
 * round, "I can't" would be said although a tool could.
 */
export function hasTool(names: readonly string[], kind: ToolKind): boolean {
  return names.some((name) => NAMES[kind].test(name));
}
