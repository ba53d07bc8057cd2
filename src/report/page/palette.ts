// The colors of every page, light and dark as the reader's system; on paper light on white.

const LIGHT = `
  --text: #1b1f24; --back: #f6f7f9; --card: #ffffff; --soft: #eef0f3; --border: #dde1e6; --line: #b9c0c9;
  --grid: #e6e9ed; --quiet: #57606a; --link: #0a58b5;
  --fail: #b3261e; --error: #7b2fa8; --warn: #855300; --skip: #57606a; --pass: #1a7f37;
  --series-0: #0969da; --series-1: #c2410c; --series-2: #1a7f37; --series-3: #b3261e;
  --series-4: #7c3aed; --series-5: #8a6100; --series-6: #0e7490; --series-7: #be185d;`;
const DARK = `
  --text: #e6e8eb; --back: #101316; --card: #181c20; --soft: #22272d; --border: #2e343b; --line: #5a636e;
  --grid: #262c33; --quiet: #9aa3ae; --link: #79b8ff;
  --fail: #ff7b72; --error: #d2a8ff; --warn: #e3b341; --skip: #9aa3ae; --pass: #56d364;
  --series-0: #58a6ff; --series-1: #fb923c; --series-2: #56d364; --series-3: #ff7b72;
  --series-4: #c4a1ff; --series-5: #e3b341; --series-6: #4dd0e1; --series-7: #f778ba;`;

export const PALETTE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
@media print { :root { color-scheme: light; ${LIGHT} --back: #fff; } }
`;
