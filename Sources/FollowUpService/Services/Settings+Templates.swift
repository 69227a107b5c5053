internal import FollowUpCore

extension Settings {
  /// What is wrong with a text (`messages.md`), by the plans and channels that there are.
  func faults(of template: Template) -> [TemplateFault] {
    let repliesComeIn = channels.values.contains { channel in
      if case .webhook(let webhook) = channel.adapter { webhook.replies != .none } else { false }
    }
    return TemplateCheck.faults(of: template, plans: plans.values, clinic: clinic, repliesComeIn: repliesComeIn)
  }

  /// A sentence for each fault of the clinic's own texts, which are in use all the same; of many, the first.
  var warningsOfTexts: [String] {
    let shipped = Set(ConfigurationReader.builtIn.templates.all)
    let found = templates.all.filter { !shipped.contains($0) }.flatMap { template in
      faults(of: template).map { "\(template.fileName):\($0.line): \($0.key): \($0.what)" }
    }
    let more = found.count - Self.mostWarnings
    return found.prefix(Self.mostWarnings)
      + (more > 0 ? ["\(more) more faults of texts: see 'followupctl template check'"] : [])
  }

  private static let mostWarnings = 5
}
