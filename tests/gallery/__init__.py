"""Pictures of what people see on each platform, made from the very messages the platforms are sent."""
