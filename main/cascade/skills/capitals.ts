/** Countries with one undisputed capital. "country: capital", in lower case but for the capital. */
const TABLE = `
afghanistan: Kabul; albania: Tirana; algeria: Algiers; andorra: Andorra la Vella; angola: Luanda; argentina: Buenos Aires; armenia: Yerevan;
australia: Canberra; austria: Vienna; azerbaijan: Baku; bahamas: Nassau; bahrain: Manama; bangladesh: Dhaka; barbados: Bridgetown; belarus: Minsk;
belgium: Brussels; belize: Belmopan; bhutan: Thimphu; bosnia: Sarajevo; bosnia and herzegovina: Sarajevo; botswana: Gaborone; brazil: Brasília;
bulgaria: Sofia; burkina faso: Ouagadougou; cambodia: Phnom Penh; cameroon: Yaoundé; canada: Ottawa; cape verde: Praia; chad: N'Djamena;
chile: Santiago; china: Beijing; colombia: Bogotá; costa rica: San José; croatia: Zagreb; cuba: Havana; cyprus: Nicosia; czech republic: Prague;
czechia: Prague; denmark: Copenhagen; djibouti: Djibouti; dominican republic: Santo Domingo; ecuador: Quito; egypt: Cairo; el salvador: San Salvador;
england: London; eritrea: Asmara; estonia: Tallinn; ethiopia: Addis Ababa; fiji: Suva; finland: Helsinki; france: Paris; gabon: Libreville;
gambia: Banjul; germany: Berlin; ghana: Accra; greece: Athens; guatemala: Guatemala City; guinea: Conakry; guyana: Georgetown; haiti: Port-au-Prince;
honduras: Tegucigalpa; hungary: Budapest; iceland: Reykjavik; india: New Delhi; iran: Tehran; iraq: Baghdad; ireland: Dublin; italy: Rome;
jamaica: Kingston; japan: Tokyo; jordan: Amman; kenya: Nairobi; kuwait: Kuwait City; laos: Vientiane; latvia: Riga; lebanon: Beirut; liberia: Monrovia;
libya: Tripoli; liechtenstein: Vaduz; lithuania: Vilnius; luxembourg: Luxembourg; madagascar: Antananarivo; malawi: Lilongwe; maldives: Malé;
mali: Bamako; malta: Valletta; mauritania: Nouakchott; mauritius: Port Louis; mexico: Mexico City; moldova: Chisinau; monaco: Monaco;
mongolia: Ulaanbaatar; montenegro: Podgorica; morocco: Rabat; mozambique: Maputo; namibia: Windhoek; nepal: Kathmandu; netherlands: Amsterdam;
new zealand: Wellington; nicaragua: Managua; niger: Niamey; nigeria: Abuja; north korea: Pyongyang; north macedonia: Skopje; norway: Oslo; oman: Muscat;
pakistan: Islamabad; panama: Panama City; papua new guinea: Port Moresby; paraguay: Asunción; peru: Lima; philippines: Manila; poland: Warsaw;
portugal: Lisbon; qatar: Doha; romania: Bucharest; russia: Moscow; rwanda: Kigali; saudi arabia: Riyadh; scotland: Edinburgh; senegal: Dakar;
serbia: Belgrade; sierra leone: Freetown; singapore: Singapore; slovakia: Bratislava; slovenia: Ljubljana; somalia: Mogadishu; south korea: Seoul;
south sudan: Juba; spain: Madrid; sudan: Khartoum; suriname: Paramaribo; sweden: Stockholm; switzerland: Bern; syria: Damascus; taiwan: Taipei;
tajikistan: Dushanbe; thailand: Bangkok; togo: Lomé; trinidad and tobago: Port of Spain; tunisia: Tunis; turkey: Ankara; turkmenistan: Ashgabat;
uganda: Kampala; ukraine: Kyiv; united arab emirates: Abu Dhabi; united kingdom: London; uk: London; great britain: London; united states: Washington, D.C.;
united states of america: Washington, D.C.; usa: Washington, D.C.; us: Washington, D.C.; america: Washington, D.C.; uruguay: Montevideo;
uzbekistan: Tashkent; venezuela: Caracas; vietnam: Hanoi; wales: Cardiff; zambia: Lusaka; zimbabwe: Harare;
california: Sacramento; texas: Austin; florida: Tallahassee; new york state: Albany; illinois: Springfield; ohio: Columbus; michigan: Lansing;
massachusetts: Boston; pennsylvania: Harrisburg; arizona: Phoenix; colorado: Denver; oregon: Salem; nevada: Carson City; alaska: Juneau; hawaii: Honolulu;
virginia: Richmond; minnesota: Saint Paul; wisconsin: Madison; tennessee: Nashville; utah: Salt Lake City; bavaria: Munich`;

const CAPITALS = new Map(
  TABLE.split(';').map((entry) => entry.split(':').map((part) => part.trim()) as [country: string, capital: string]),
);

/** Undefined for what is no such country, or has more than one capital. */
export function capitalOf(country: string): string | undefined {
  return CAPITALS.get(country.replace(/^the /, ''));
}

export function countryOf(capital: string): string | undefined {
  for (const [country, city] of CAPITALS) {
    if (
      city
        .toLowerCase()
        .normalize('NFD')
        .replace(/[^a-z ]/g, '') === capital
    )
      return country;
  }
  return undefined;
}
