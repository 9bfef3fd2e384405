import type { Component } from 'svelte';
import Compare from '../views/Compare.svelte';
import Guardrails from '../views/Guardrails.svelte';
import Models from '../views/Models.svelte';
import Replies from '../views/Replies.svelte';
import Settings from '../views/Settings.svelte';
import Talk from '../views/Talk.svelte';
import Tools from '../views/Tools.svelte';

export interface View {
  /** The address: `#/<id>`. */
  id: string;
  /** In the navigation and in the window's title. */
  label: string;
  component: Component;
}

/** Every view of the window, in the order of the navigation. The first is shown at an address without a view. */
export const VIEWS: readonly View[] = [
  { id: 'talk', label: 'Talk', component: Talk },
  { id: 'replies', label: 'Replies', component: Replies },
  { id: 'tools', label: 'Tools', component: Tools },
  { id: 'models', label: 'Models', component: Models },
  { id: 'compare', label: 'Compare', component: Compare },
  { id: 'guardrails', label: 'Guardrails', component: Guardrails },
  { id: 'settings', label: 'Settings', component: Settings },
];
