/// Words that a text to a patient must not hold, or must, in the languages that are shipped. In lower case; what ends in
/// `*` stands for all words that begin so.
struct TemplateWords: Sendable {
  /// Days as seen from the day of writing, typed by hand (M13).
  var relative: [String]
  /// What a stranger with the telephone in hand would learn (M3).
  var telling: [String]
  /// What makes a patient feel blamed (M5).
  var blaming: [String]
  /// One of them must be there: how to change the date, or to have no more messages (M1).
  var leaving: [String]
  /// Asks for an answer in writing (M7).
  var answering: [String]

  /// Nil for a language whose words are not known.
  static func of(language tag: String) -> TemplateWords? {
    switch LanguageTag.lookup(tag).last {
    case "en": english
    case "de": german
    case "fr": french
    case "es": spanish
    default: nil
    }
  }

  private static let english = TemplateWords(
    relative: ["today", "tomorrow", "tonight", "yesterday", "this morning", "this afternoon", "this evening"],
    telling: [
      "diagnos*", "test", "tests", "result", "results", "biops*", "surger*", "operation", "colonoscop*", "mammogra*",
      "ultrasound", "x-ray", "scan", "vaccin*", "cancer", "tumor", "tumour", "hiv", "pregnan*", "oncolog*",
      "psychiatr*",
      "cardiolog*", "gyn*", "urolog*", "dermatolog*", "chemotherap*", "diabet*", "depress*", "abortion",
    ],
    blaming: ["your fault", "failed to", "no-show", "no show", "penalty", "wasted", "you should have", "irresponsib*"],
    leaving: [
      "stop", "change", "rearrange", "another time", "another date", "new time", "new date", "not want", "no more",
      "opt out", "unsubscribe",
    ],
    answering: ["reply", "answer", "text", "send", "respond", "write back"])

  private static let german = TemplateWords(
    relative: ["heute", "morgen", "übermorgen", "gestern", "vorgestern"],
    telling: [
      "diagnos*", "befund*", "test", "tests", "ergebnis*", "biopsie*", "operation*", "darmspiegelung*", "mammogra*",
      "ultraschall*", "röntgen*", "impf*", "krebs*", "tumor*", "hiv", "schwanger*", "onkolog*", "psychiatr*",
      "kardiolog*",
      "gynäkolog*", "urolog*", "dermatolog*", "chemotherap*", "diabet*", "depress*", "abtreibung*",
    ],
    blaming: ["ihre schuld", "versäumt", "säumig", "strafe", "strafgebühr", "unentschuldigt", "verschwendet"],
    leaving: [
      "änder*", "stopp*", "beenden", "abbestell*", "abmeld*", "andere zeit", "anderen termin", "neuen termin",
      "neuer termin", "verschieb*", "keine nachrichten", "keine weiteren",
    ],
    answering: ["antworten", "antworte", "schreiben", "senden", "schicken", "texten"])

  private static let french = TemplateWords(
    relative: ["aujourd'hui", "demain", "après-demain", "hier", "avant-hier", "ce matin", "cet après-midi", "ce soir"],
    telling: [
      "diagnosti*", "test", "tests", "résultat", "résultats", "analyse", "analyses", "biopsie*", "opération",
      "chirurgi*",
      "coloscopie", "mammographi*", "échographi*", "radiographi*", "scanner", "vaccin*", "cancer", "tumeur", "vih",
      "grossesse", "enceinte", "oncolog*", "psychiatr*", "cardiolog*", "gynécolog*", "urolog*", "dermatolog*",
      "chimiothérap*", "diabèt*", "dépress*", "avortement",
    ],
    blaming: ["votre faute", "pénalité", "amende", "manqué à", "gaspill*", "irresponsab*"],
    leaving: [
      "chang*", "modifi*", "stop", "stopper", "arrêt*", "ne voulez plus", "ne plus recevoir", "autre date",
      "autre heure",
      "nouvelle date", "autre rendez-vous", "déplacer", "reporter", "désabonn*",
    ],
    answering: ["répondez", "répondre", "envoyez", "écrivez", "textez"])

  private static let spanish = TemplateWords(
    relative: ["hoy", "mañana", "pasado mañana", "ayer", "anteayer", "esta tarde", "esta noche"],
    telling: [
      "diagnóstic*", "prueba", "pruebas", "resultado", "resultados", "análisis", "biopsia*", "operación", "cirug*",
      "colonoscopia", "mamograf*", "ecograf*", "radiograf*", "vacuna*", "cáncer", "tumor*", "vih", "embaraz*",
      "oncolog*",
      "oncólog*", "psiquiatr*", "cardiolog*", "cardiólog*", "ginecolog*", "ginecólog*", "urolog*", "urólog*",
      "dermatolog*", "quimioterap*", "diabet*", "depresi*", "aborto",
    ],
    blaming: ["su culpa", "multa", "penalización", "desperdici*", "irresponsab*"],
    leaving: [
      "cambi*", "parar", "dejar de", "detener", "no recibir", "no quiere recibir", "otra hora", "otra fecha",
      "nueva fecha", "modific*", "baja",
    ],
    answering: ["responda", "conteste", "envíe", "mande", "escriba", "responder"])

  /// Where `word` stands in a text, as a word of its own; `word` in lower case, maybe with a `*` at its end.
  static func isThere(_ word: String, in text: String) -> Bool {
    let isStem = word.hasSuffix("*")
    let stem = isStem ? String(word.dropLast()) : word
    let text = text.lowercased().replacing("’", with: "'")
    var rest = Substring(text)
    while let found = rest.firstRange(of: stem) {
      let before = text[..<found.lowerBound].last
      let after = rest[found.upperBound...].first
      if !isLetter(before), isStem || !isLetter(after) { return true }
      rest = rest[found.upperBound...]
    }
    return false
  }

  private static func isLetter(_ character: Character?) -> Bool { character?.isLetter ?? false }
}
