import FollowUpCore
import Testing

@Suite struct NameTests {
  @Test(
    "WHO: names fold alike however they are written",
    arguments: [
      ("Ana García", "ana garcia"), ("ANA GARCIA", "ana garcia"), ("Ana  Garci\u{301}a ", "ana garcia"),
      ("Øyvind Ångström", "oyvind angstrom"), ("Łukasz", "lukasz"), ("Nguyễn Thị Đặng", "nguyen thi dang"),
      ("Weiß", "weiss"), ("İpek Işık", "ipek isik"), ("Æsa Þór", "aesa thor"), ("O’Hara", "o'hara"),
      ("Σίσυφος", "σισυφοσ"), ("Андрей", "андреи"), ("محمّد", "محمد"), ("山田 太郎", "山田 太郎"),
      ("한글", "한글".decomposed), ("", ""), ("\u{200F}ana\u{200D}", "ana"),
    ])
  func folded(name: String, folded: String) {
    #expect(Array(Name.folded(name).utf8) == Array(folded.utf8))
    #expect(Name.folded(folded) == folded, "folding what is folded changes nothing")
  }

  @Test("Composed and decomposed spellings are the same bytes once composed")
  func canonical() {
    #expect(Array("e\u{301}".composed.utf8) == Array("\u{E9}".utf8))
    #expect(Array("\u{E9}".decomposed.utf8) == Array("e\u{301}".utf8))
  }
}
