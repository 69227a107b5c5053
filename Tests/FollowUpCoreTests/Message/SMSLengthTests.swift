import FollowUpCore
import Testing

@Suite struct SMSLengthTests {
  @Test(
    "M6: a text's alphabet, units and segments",
    arguments: [
      ("", "GSM-7", 0, 0), ("Hello", "GSM-7", 5, 1), (String(repeating: "a", count: 160), "GSM-7", 160, 1),
      (String(repeating: "a", count: 161), "GSM-7", 161, 2), (String(repeating: "a", count: 306), "GSM-7", 306, 2),
      (String(repeating: "a", count: 307), "GSM-7", 307, 3), ("é€", "GSM-7", 3, 1), ("{}[]~|^\\", "GSM-7", 16, 1),
      // An extended character is not torn: 152 and 2 do not fit into 153.
      (String(repeating: "a", count: 152) + "€" + String(repeating: "a", count: 152), "GSM-7", 306, 3),
      ("ê", "UCS-2", 1, 1), (String(repeating: "я", count: 70), "UCS-2", 70, 1),
      (String(repeating: "я", count: 71), "UCS-2", 71, 2), ("😀", "UCS-2", 2, 1),
      (String(repeating: "😀", count: 36), "UCS-2", 72, 2), ("ΔΦΓΛΩ@£$¥èéùìòÇØøÅåÆæßÉ", "GSM-7", 23, 1),
    ])
  func length(text: String, alphabet: String, units: Int, segments: Int) {
    let length = SMSLength(of: text)
    #expect(length.alphabet.rawValue == alphabet)
    #expect(length.units == units)
    #expect(length.segments == segments)
  }
}
