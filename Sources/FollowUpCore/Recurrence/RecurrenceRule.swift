struct RecurrencePlaceholder {}
