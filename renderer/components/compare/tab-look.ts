/** The look of every tab of the view. */
export const TAB =
  'flex h-10 shrink-0 items-center border-b-2 border-transparent px-3 text-sm -outline-offset-3 text-ink-soft transition-colors hover:text-ink data-[state=active]:border-parley data-[state=active]:font-medium data-[state=active]:text-ink';
