/// The languages that are shipped. Which regions read a clock of twelve hours: CLDR, supplemental data, timeData.
extension Wording {
  package static let english = Wording(
    language: "en",
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    months: [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December",
    ],
    date: "{weekday} {day} {month} {year}",
    onDay: "on {weekday} {day} {month}",
    onDate: "on {weekday} {day} {month} {year}",
    today: "today",
    tomorrow: "tomorrow",
    time: "{HH}:{mm}",
    time12: "{h}:{mm} {half}",
    twelveIn: ["AU", "BD", "CA", "IN", "JM", "MY", "NZ", "PH", "PK", "PR", "SG", "TT", "US"],
    beforeNoon: "am",
    afterNoon: "pm",
    elsewhere: "{time} ({place} time)",
    noPhone: "the clinic")

  package static let german = Wording(
    language: "de",
    weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    months: [
      "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
      "Dezember",
    ],
    date: "{weekday}, {day}. {month} {year}",
    onDay: "am {weekday}, den {day}. {month}",
    onDate: "am {weekday}, den {day}. {month} {year}",
    today: "heute",
    tomorrow: "morgen",
    time: "{H}:{mm} Uhr",
    time12: "{H}:{mm} Uhr",
    twelveIn: [],
    beforeNoon: "",
    afterNoon: "",
    elsewhere: "{time} (Ortszeit {place})",
    // As the object of "rufen Sie … an".
    noPhone: "die Praxis")

  package static let french = Wording(
    language: "fr",
    weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    months: [
      "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
      "décembre",
    ],
    firstDay: "1er",
    date: "{weekday} {day} {month} {year}",
    onDay: "le {weekday} {day} {month}",
    onDate: "le {weekday} {day} {month} {year}",
    today: "aujourd'hui",
    tomorrow: "demain",
    time: "{H}h{mm}",
    fullHour: "{H}h",
    time12: "{H}h{mm}",
    twelveIn: [],
    beforeNoon: "",
    afterNoon: "",
    elsewhere: "{time} (heure locale, {place})",
    // As what follows "appelez le" and "au".
    noPhone: "secrétariat",
    // Both are correct (rectifications of 1990); û would make each character of a text message count double.
    shortSpellings: ["août": "aout"])

  package static let spanish = Wording(
    language: "es",
    weekdays: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    months: [
      "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
      "diciembre",
    ],
    date: "{weekday} {day} de {month} de {year}",
    onDay: "el {weekday} {day} de {month}",
    onDate: "el {weekday} {day} de {month} de {year}",
    today: "hoy",
    tomorrow: "mañana",
    time: "{H}:{mm}",
    time12: "{h}:{mm} {half}",
    twelveIn: [
      "AR", "BO", "CA", "CL", "CO", "CR", "CU", "DO", "EC", "GT", "HN", "MX", "NI", "PA", "PE", "PH", "PR", "PY", "SV",
      "US", "UY", "VE",
    ],
    beforeNoon: "a.m.",
    afterNoon: "p.m.",
    article: Article(before: "las", beforeOne: "la"),
    elsewhere: "{time} (hora de {place})",
    // As what follows "llame al".
    noPhone: "consultorio")

  package static let neutral = Wording(
    language: "", weekdays: [], months: [], date: "{iso}", onDay: "{iso}", onDate: "{iso}", today: nil, tomorrow: nil,
    time: "{HH}:{mm}", time12: "{HH}:{mm}", twelveIn: [], beforeNoon: "", afterNoon: "",
    elsewhere: "{time} ({place})", noPhone: "")
}
