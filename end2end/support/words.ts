/**
 * The product's own sentences, so that a test names a button as a person reads it and does not
 * break when a word is improved.
 */
import fs from 'node:fs';
import path from 'node:path';

export type Language = 'zh-Hans' | 'zh-Hant' | 'en';
export const LANGUAGES: Language[] = ['zh-Hans', 'zh-Hant', 'en'];

const read = (language: Language): Record<string, string> => {
  const folder = path.join(__dirname, '../../app/locales', language);
  const sections = fs.readdirSync(folder).map((file) => JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')));
  return Object.assign({}, ...sections);
};
const all = Object.fromEntries(LANGUAGES.map((language) => [language, read(language)]));

/** The sentence behind a key, with its parameters filled in. */
export const word = (key: string, parameters: Record<string, string | number> = {}, language: Language = 'zh-Hans') => {
  const sentence = all[language][key];
  if (sentence === undefined) throw new Error(`no sentence is called ${key}`);
  return sentence.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) => {
    if (!(name in parameters)) throw new Error(`${key} needs ${name}`);
    return one === undefined ? String(parameters[name]) : parameters[name] === 1 ? one : many;
  });
};
